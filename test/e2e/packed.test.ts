import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Simulator, startSimulator } from "../../src/simulator";
import { ensurePulumiCli } from "../../tools/pulumi-cli";
import { createUserProject, type UserProject } from "../support/project";

const DEVELOPED_WITH = "3.248.0";
const MAX_INSTALLED_BYTES = 12 * 1024 * 1024;

/** What a user of the Automation API writes, in plain JavaScript, knowing nothing but the package's name. */
const PROGRAM = `
const { LocalWorkspace, PulumiCommand } = require("@pulumi/pulumi/automation");
const { IpsecTunnelPsk } = require("pulumi-cloudflare-ipsec-psk");

async function main() {
  const stack = await LocalWorkspace.createStack(
    {
      stackName: "dev",
      projectName: "user",
      program: async () => {
        const { ACCOUNT_ID: accountId, TUNNEL_ID: ipsecTunnelId } = process.env;
        return { psk: new IpsecTunnelPsk("branch-1", { accountId, ipsecTunnelId }).psk };
      },
    },
    { pulumiCommand: await PulumiCommand.get({ root: process.env.CLI_ROOT, skipVersionCheck: true }) },
  );
  await stack.preview();
  const { outputs } = await stack.up();
  await stack.refresh();
  await stack.destroy();
  console.log(JSON.stringify(outputs.psk));
}
main();
`;

let project: UserProject;
let simulator: Simulator;
let addedBytes: number;

beforeAll(async () => {
  project = await createUserProject();
  simulator = await startSimulator();
  const tarball = execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", project.folder], {
    encoding: "utf8",
  }).trim();
  await project.npm("install", "--no-audit", "--no-fund", `@pulumi/pulumi@${DEVELOPED_WITH}`);
  const withoutUs = sizeOf(join(project.folder, "node_modules"));
  await project.npm("install", "--no-audit", "--no-fund", `./${tarball}`);
  addedBytes = sizeOf(join(project.folder, "node_modules")) - withoutUs;
}, 300_000);

afterAll(async () => {
  await project.remove();
  await simulator.close();
});

describe("the packed package in an empty project", () => {
  it("does preview, up, refresh and destroy on the real engine", async () => {
    const tunnelId = simulator.addTunnel();

    const printed = await project.node(PROGRAM, {
      ACCOUNT_ID: simulator.accountId,
      TUNNEL_ID: tunnelId,
      CLI_ROOT: dirname(dirname(await ensurePulumiCli())),
      CLOUDFLARE_API_TOKEN: simulator.apiToken,
      CLOUDFLARE_BASE_URL: simulator.url,
      PULUMI_BACKEND_URL: `file://${project.folder}`,
      PULUMI_HOME: join(project.folder, "pulumi-home"),
      PULUMI_CONFIG_PASSPHRASE: "only-for-this-test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });

    expect(JSON.parse(printed)).toEqual({ value: simulator.keyAtEdge(tunnelId), secret: true });
  });

  it("takes at most 12 MB beside @pulumi/pulumi", () => {
    expect(addedBytes).toBeGreaterThan(0);
    expect(addedBytes).toBeLessThanOrEqual(MAX_INSTALLED_BYTES);
  });

  it("holds what its allow-list names, and no source or test", () => {
    const folder = join(project.folder, "node_modules", "pulumi-cloudflare-ipsec-psk");

    expect(
      readdirSync(folder)
        .filter((name) => name !== "node_modules")
        .sort(),
    ).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "dist", "docs", "package.json"]);
  });
});

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
