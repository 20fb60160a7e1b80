import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { accessSync, constants } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { type Simulator, startSimulator } from "../../src/simulator";
import { cliRootOf, ensurePulumiCli } from "../../tools/pulumi-cli";

const STAND_IN = resolve("test/support/language-host");
const PATH = process.env.PATH ?? "";

let folder: string;
let simulator: Simulator;
let tunnelId: string;
let stack: Stack;

beforeAll(() => {
  if (isOfficialHostOnPath()) return;
  process.stderr.write(
    "\nNOTE: pulumi-language-nodejs is not on PATH, and no package registry has it. The root project runs with a" +
      " stand-in of the tests instead, which starts the same program runner.\n\n",
  );
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ipsec-psk-quick-start-"));
  await cp("Pulumi.yaml", join(folder, "Pulumi.yaml"));
  await cp("package.json", join(folder, "package.json"));
  await cp("examples/quick-start", join(folder, "examples/quick-start"), { recursive: true });
  await symlink(resolve("node_modules"), join(folder, "node_modules"));
  simulator = await startSimulator();
  tunnelId = simulator.addTunnel({ name: "branch-1" });

  stack = await LocalWorkspace.createStack(
    { stackName: "dev", workDir: folder },
    {
      pulumiCommand: await PulumiCommand.get({ ...cliRootOf(await ensurePulumiCli()), skipVersionCheck: true }),
      pulumiHome: join(folder, "pulumi-home"),
      envVars: {
        PATH: isOfficialHostOnPath() ? PATH : `${STAND_IN}${delimiter}${PATH}`,
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: "only-for-this-test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    },
  );
  await stack.setAllConfig({
    accountId: { value: simulator.accountId },
    ipsecTunnelId: { value: tunnelId },
    cloudflareEndpoint: { value: "203.0.113.10" },
    "cloudflare:apiToken": { value: simulator.apiToken, secret: true },
    "cloudflare:baseUrl": { value: simulator.url },
  });
});

afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

describe("the root Pulumi.yaml and examples/quick-start, run by the CLI and a language host", () => {
  it("previews with validation, and generates once with `pulumi up`", async () => {
    const preview = await stack.preview({ color: "never" });
    const operations = simulator.requests().map(({ operation }) => operation);
    const up = await stack.up({ color: "never" });

    expect(preview.stdout).toContain("Cloudflare would accept it (validate_only: nothing was persisted).");
    expect(operations).toEqual(["list", "validate", "list"]);
    expect(up.stdout).toMatch(/psk +: \[secret\]/);
    expect(up.outputs.psk).toEqual({ value: simulator.keyAtEdge(tunnelId), secret: true });
    expect(simulator.requests().filter(({ operation }) => operation === "generate")).toHaveLength(1);
  });

  it("looks at the tunnel in every run, as `refresh: always` wants it, and finds nothing to do", async () => {
    await stack.up();
    simulator.clearRequests();

    const again = await stack.up({ color: "never" });

    expect(again.summary.resourceChanges).toEqual({ same: 2 });
    expect(new Set(simulator.requests().map(({ operation }) => operation))).toEqual(new Set(["list"]));
  });

  it("fails the preview under the resource's name when Cloudflare refuses", async () => {
    await stack.setConfig("ipsecTunnelId", { value: "0".repeat(32) });

    const refused = await stack.preview({ color: "never" }).catch((error: unknown) => String(error));

    expect(refused).toMatch(/IpsecTunnelPsk \(branch-1\):\s+error: Preview failed: before hook/);
    expect(refused).toContain("ERR_TUNNEL_NOT_FOUND");
  });

  it("fails the preview for a mistake in the router's description, before there is a key to render", async () => {
    await stack.setConfig("cloudflareEndpoint", { value: "fake" });

    const refused = await stack.preview({ color: "never" }).catch((error: unknown) => String(error));

    expect(refused).toMatch(
      /Cannot render a strongSwan configuration: 1 mistake in its arguments \(ERR_INVALID_GATEWAY\)$/m,
    );
    expect(refused).toMatch(/^ *- cloudflareEndpoint must be a unicast IPv4 address$/m);
    expect(simulator.requests().filter(({ operation }) => operation === "generate")).toEqual([]);
  });
});

function isOfficialHostOnPath(): boolean {
  return PATH.split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, "pulumi-language-nodejs"), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
