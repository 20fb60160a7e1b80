import { type Simulator, startSimulator } from "../../../src/simulator";
import { ensureYamlLanguageHost } from "../../../tools/pulumi-cli";
import { codeBlocksOf } from "../../docs/code-blocks";
import { readPage } from "../../docs/markdown";
import { CLOUDFLARE_PLUGIN } from "../../support/cloudflare-plugin";
import { closeWithoutLeaks, type ProjectStack, startProject } from "../../support/engine";

// Programs in YAML, which checks the types of both packages. `npm run test:cloudflare-provider` plays the same scenarios with the
// released plugin of @pulumi/cloudflare.

let simulator: Simulator;
let stack: ProjectStack;

beforeAll(async () => {
  await ensureYamlLanguageHost();
}, 20 * 60_000);

beforeEach(async () => {
  simulator = await startSimulator();
  const { accountId, apiToken, url } = simulator;
  stack = await startProject(
    { "": "examples/yaml" },
    {
      config: { accountId, "cloudflare-ipsec-psk:apiToken": { value: apiToken, secret: true } },
      env: { CLOUDFLARE_API_TOKEN: apiToken, CLOUDFLARE_BASE_URL: url },
    },
  );
});

afterEach(async () => {
  await closeWithoutLeaks(stack, simulator.issuedKeys());
  await simulator.close();
});

const HEAD = `name: branch-1
runtime: yaml
plugins:
  providers:
    - { name: cloudflare-ipsec-psk, path: node_modules/pulumi-cloudflare-ipsec-psk/plugin }
    - { name: cloudflare, path: ${CLOUDFLARE_PLUGIN} }
config:
  accountId: { type: string }
`;

/** The block of docs/languages.md that contains a text. */
function documented(text: string): string {
  const blocks = codeBlocksOf(readPage("docs/languages.md")).map(({ code }) => code);
  return blocks.find((code) => code.includes(text)) ?? "";
}

async function write(...parts: readonly string[]): Promise<void> {
  await stack.edit("Pulumi.yaml", () => [HEAD, ...parts].join("\n"));
}

const generations = () => simulator.requests().filter(({ operation }) => operation === "generate");

describe("the YAML of docs/languages.md for a tunnel that exists", () => {
  const KEY = `
  branch-1:
    type: cloudflare-ipsec-psk:IpsecTunnelPsk
    properties: { accountId: "\${accountId}", ipsecTunnelId: "\${ipsecTunnelId}" }
outputs: { vyos: "\${branch-1-router.text}" }
`;

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["without BGP", {}],
    ["with BGP", { bgp: { customer_asn: 65_010, extra_prefixes: [], md5_key: "a-fake-md5-key" } }],
  ])("renders what Cloudflare has of it, %s, and changes nothing if nothing changed", async (_what, fields) => {
    const ipsecTunnelId = simulator.addTunnel({ name: "existing", fields });
    await stack.configure({ ipsecTunnelId });
    await write("  ipsecTunnelId: { type: string }", documented("tunnel: ${existing}"), KEY);

    const up = await stack.up();
    const again = await stack.up();

    const text = String(up.outputs.vyos?.value);
    expect(up.steps).toEqual({ create: 3 });
    expect(text).toContain("remote-address '203.0.113.1'");
    expect(text.includes("65010")).toBe("bgp" in fields);
    expect(again.steps).toEqual({ same: 3 });
    expect(stack.leaks(["a-fake-md5-key"])).toEqual([]);
  });
});

describe("the YAML of docs/languages.md for a tunnel of the same program", () => {
  beforeEach(() => write(documented("cloudflare:MagicWanIpsecTunnel"), "  psk: ${branch-1.psk}"));

  it("creates it with its key and the router's configuration in one `up`, after a clean preview", async () => {
    const preview = await stack.preview();
    const up = await stack.up();
    const again = await stack.up();

    expect(preview.steps).toEqual({ create: 4 });
    expect(up.steps).toEqual({ create: 4 });
    expect(up.outputs.psk).toEqual({ value: simulator.keyAtEdge(generations()[0]?.tunnelId ?? ""), secret: true });
    expect(again.steps).toEqual({ same: 4 });
  });

  it("keeps the key through a rename and through another update of the tunnel", async () => {
    await stack.up();
    await stack.edit("Pulumi.yaml", (text) => text.replace("name: branch-1-tunnel", "name: paris"));

    const renamed = await stack.up();
    await stack.edit("Pulumi.yaml", (text) => text.replace("203.0.113.10", "203.0.113.11"));
    const moved = await stack.up();

    expect([renamed.succeeded, moved.succeeded]).toEqual([true, true]);
    expect(generations()).toHaveLength(1);
  });

  it.each([
    [
      "before the old one is deleted, under another name",
      "replaceOnChanges: [name]",
      "name: branch-1-tunnel",
      "name: paris",
    ],
    [
      "after the old one is deleted",
      "replaceOnChanges: [cloudflareEndpoint], deleteBeforeReplace: true",
      "203.0.113.10",
      "203.0.113.11",
    ],
  ])("generates a key for the tunnel that replaces it %s", async (_when, options, from, to) => {
    await stack.edit("Pulumi.yaml", (text) =>
      text.replace("type: cloudflare:MagicWanIpsecTunnel", `$&\n    options: { ${options} }`),
    );
    await stack.up();
    await stack.edit("Pulumi.yaml", (text) => text.replace(from, to));

    const up = await stack.up();

    const [first, second] = generations().map(({ tunnelId }) => tunnelId);
    expect(second).not.toBe(first);
    expect(up.outputs.psk).toEqual({ value: simulator.keyAtEdge(second ?? ""), secret: true });
    expect((await stack.up()).steps).toEqual({ same: 4 });
  });

  it("generates a key for a tunnel that was deleted elsewhere, with --refresh, and destroys both", async () => {
    await stack.up();
    simulator.removeTunnel(generations()[0]?.tunnelId ?? "");

    const up = await stack.up({ refresh: true });
    const second = generations()[1]?.tunnelId ?? "";
    const destroyed = await stack.destroy();

    expect(up.outputs.psk).toEqual({ value: expect.any(String) as string, secret: true });
    expect(destroyed.succeeded).toBe(true);
    expect(simulator.requests().at(-1)).toMatchObject({ operation: "delete", tunnelId: second });
  });

  it("refuses the account's ID, which the tunnel's `id` is, in `up` and in each preview after it", async () => {
    await stack.edit("Pulumi.yaml", (text) =>
      text.replace(/ipsecTunnelName: .*\n.*ipsecTunnelCreatedOn: .*/, "ipsecTunnelId: ${branch-1-tunnel.id}"),
    );

    const [first, up, second] = [await stack.preview(), await stack.up(), await stack.preview()];

    expect([first.succeeded, up.succeeded, second.succeeded]).toEqual([true, false, false]);
    for (const { text } of [up, second])
      expect(text).toContain(
        "is the ID of the account, because @pulumi/cloudflare sets the id of a MagicWanIpsecTunnel",
      );
    expect(generations()).toEqual([]);
  });

  it("refuses the whole resource as `tunnel` in the preview, before a key is generated, and says what to pass", async () => {
    await stack.edit("Pulumi.yaml", (text) =>
      text.replace(/cloudflareEndpoint: \$\{.+\}/, "tunnel: ${branch-1-tunnel}"),
    );

    const preview = await stack.preview();

    expect(preview.succeeded).toBe(false);
    expect(preview.text).toContain("- tunnel must be an object with the tunnel's fields");
    expect(generations()).toEqual([]);
  });

  it("takes a `bgp` that the tunnel lacks as absent", async () => {
    await stack.edit("Pulumi.yaml", (text) =>
      text.replace(
        /cloudflareEndpoint: (\$\{.+\})/,
        "tunnel: { cloudflareEndpoint: '$1', bgp: '${branch-1-tunnel.bgp}' }",
      ),
    );

    expect((await stack.up()).steps).toEqual({ create: 4 });
  });
});

describe("YAML with 20 tunnels and their keys", () => {
  it("has them all after one `up`, and refuses another key by the ID of one", async () => {
    const names = Array.from({ length: 20 }, (_none, index) => `branch-${index + 1}`);
    const both = names.map(
      (name) => `
  ${name}-tunnel:
    type: cloudflare:MagicWanIpsecTunnel
    properties: { accountId: "\${accountId}", name: ${name}, cloudflareEndpoint: 203.0.113.10, interfaceAddress: 10.252.2.90/31 }
  ${name}:
    type: cloudflare-ipsec-psk:IpsecTunnelPsk
    properties:
      accountId: \${accountId}
      ipsecTunnelName: \${${name}-tunnel.name}
      ipsecTunnelCreatedOn: \${${name}-tunnel.createdOn}`,
    );
    await write("resources:", ...both);
    const up = await stack.up();
    const tunnelIds = generations().map(({ tunnelId }) => tunnelId);
    const another = `
  another:
    type: cloudflare-ipsec-psk:IpsecTunnelPsk
    options: { dependsOn: ["\${branch-20}"] }
    properties: { accountId: "\${accountId}", ipsecTunnelId: ${tunnelIds[0] ?? ""} }`;
    await stack.edit("Pulumi.yaml", (text) => `${text}${another}\n`);

    const preview = await stack.preview();
    const refused = await stack.up();

    expect(up.steps).toEqual({ create: 41 });
    expect(new Set(tunnelIds).size).toBe(20);
    for (const { succeeded, text } of [preview, refused]) {
      expect(succeeded).toBe(false);
      expect(text).toContain(`Cannot manage the key of IPsec tunnel ${tunnelIds[0] ?? ""}`);
    }
    expect(generations()).toHaveLength(20);
  });
});
