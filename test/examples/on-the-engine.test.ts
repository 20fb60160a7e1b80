import { join } from "node:path";
import { type Simulator, startSimulator } from "../../src/simulator";
import { ROOT } from "../support/build";
import { CLOUDFLARE_PLUGIN } from "../support/cloudflare-plugin";
import { closeWithoutLeaks, type ProjectStack, startExample } from "../support/engine";
import { CONFIGURATION } from "./configuration";

// With stand-ins for the plugins of the clouds. ./magic-wan-strongswan.test.ts runs the example that has a host.

let simulator: Simulator;
let stack: ProjectStack;

async function start(example: string, config: Readonly<Record<string, string>> = {}): Promise<void> {
  simulator = await startSimulator();
  const { accountId, apiToken, url } = simulator;
  const ipsecTunnelId = simulator.addTunnel({ name: "existing", fields: { interface_address: "10.252.2.90/31" } });
  stack = await startExample(example, {
    config: { ...CONFIGURATION, accountId, ipsecTunnelId, ...config },
    hosts: {},
    plugins: [CLOUDFLARE_PLUGIN, join(ROOT, "test/support/cloud-plugins")],
    env: {
      CLOUDFLARE_BASE_URL: url,
      CLOUDFLARE_API_TOKEN: apiToken,
      // The types have a check of their own.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    },
  });
}

afterEach(async () => {
  await closeWithoutLeaks(stack, simulator.issuedKeys());
  await simulator.close();
});

const operations = () => simulator.requests().map(({ operation }) => operation);

async function expectActive(name: string): Promise<void> {
  const { ipsecTunnelId } = (await stack.state()).outputs(name) ?? {};
  expect(await stack.stored(name)).toEqual({ psk: simulator.keyAtEdge(String(ipsecTunnelId)), status: "active" });
}

describe.each<[string, readonly string[]]>([
  ["aws-brings-the-key", ["aws-1"]],
  ["aws-site-to-site", ["aws-1"]],
  ["azure-active-active", ["azure-1", "azure-2"]],
  ["azure-vpn-gateway", ["azure-1"]],
  ["existing-tunnel", ["branch-1"]],
])("examples/%s on the engine, against the simulator", (example, keys) => {
  it("brings the tunnel and its key up in one run, and then has nothing to do", async () => {
    await start(example);

    const up = await stack.up();
    simulator.clearRequests();
    const again = await stack.up();

    expect(up.succeeded).toBe(true);
    for (const name of keys) await expectActive(name);
    expect(Object.keys(again.steps)).toEqual(["same"]);
    expect(operations().filter((operation) => !["list", "get"].includes(operation))).toEqual([]);
  });
});

describe("examples/aws-site-to-site on the engine", () => {
  it("keeps the key in its second run, which sets AWS's address on the tunnel", async () => {
    await start("aws-site-to-site");
    await stack.up();
    simulator.clearRequests();
    await stack.configure({ awsAddress: "198.51.100.40" });

    const preview = await stack.preview();
    const second = await stack.up();

    expect(preview.steps).not.toHaveProperty("replace");
    expect(second.steps.update).toBe(1);
    expect(operations()).toContain("update");
    expect(operations()).not.toContain("generate");
    await expectActive("aws-1");
  });
});
