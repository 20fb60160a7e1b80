import { existsSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type Simulator, startSimulator } from "../../src/simulator";
import { cliRootOf, ensurePulumiCli } from "../../tools/pulumi-cli";
import { devDependencies } from "../../package.json";
import { type Kind, KINDS } from "../support/engine";
import { createUserProject, type UserProject } from "../support/user-project";

const NAME = "pulumi-cloudflare-ipsec-psk";
const MAX_INSTALLED_BYTES = 12 * 1024 * 1024;

/** What a user of the Automation API writes, in plain JavaScript, who knows only the package's name. */
const PROGRAM = `
const { CustomResource } = require("@pulumi/pulumi");
const { LocalWorkspace, PulumiCommand } = require("@pulumi/pulumi/automation");
const { IpsecTunnelPsk } = require(process.env.PACKAGE);

class NativeKey extends CustomResource {
  constructor(name, args) {
    super("cloudflare-ipsec-psk:index:IpsecTunnelPsk", name, { psk: undefined, ...args });
  }
}
const isNative = process.env.KIND === "native";
const Key = isNative ? NativeKey : IpsecTunnelPsk;
const providers = [{ name: "cloudflare-ipsec-psk", path: process.cwd() + "/node_modules/pulumi-cloudflare-ipsec-psk/plugin" }];

async function main() {
  const stack = await LocalWorkspace.createStack(
    {
      stackName: process.env.STACK,
      projectName: "user",
      program: async () => {
        const { ACCOUNT_ID: accountId, TUNNEL_ID: ipsecTunnelId } = process.env;
        return { psk: new Key("branch-1", { accountId, ipsecTunnelId }).psk };
      },
    },
    {
      pulumiCommand: await PulumiCommand.get({ ...(process.env.CLI_ROOT && { root: process.env.CLI_ROOT }), skipVersionCheck: true }),
      projectSettings: { name: "user", runtime: "nodejs", main: process.cwd(), ...(isNative && { plugins: { providers } }) },
    },
  );
  report.preview = (await stack.preview()).stdout;
  report.psk = (await stack.up()).outputs.psk;
  await stack.refresh();
  await stack.destroy();
}

const report = {};
main()
  .catch(({ message }) => { report.failure = message; })
  .then(() => console.log(JSON.stringify(report)));
`;

let project: UserProject;
let simulator: Simulator;
let addedBytes: number;

beforeAll(async () => {
  project = await createUserProject();
  simulator = await startSimulator();
  await project.install(`@pulumi/pulumi@${devDependencies["@pulumi/pulumi"]}`);
  const withoutUs = project.installedBytes();
  await project.install(await project.pack());
  addedBytes = project.installedBytes() - withoutUs;
}, 300_000);

afterAll(async () => {
  await project.remove();
  await simulator.close();
});

interface Report {
  readonly preview?: string;
  readonly psk?: { readonly value: string; readonly secret: boolean };
  readonly failure?: string;
}

/** Runs {@link PROGRAM}. Default: with the package that is installed. */
async function run(tunnelId: string, packageName = NAME, kind: Kind["kind"] = "dynamic"): Promise<Report> {
  const env = {
    PACKAGE: packageName,
    KIND: kind,
    STACK: `stack-${tunnelId}`,
    ACCOUNT_ID: simulator.accountId,
    TUNNEL_ID: tunnelId,
    CLI_ROOT: cliRootOf(await ensurePulumiCli()).root ?? "",
    CLOUDFLARE_API_TOKEN: simulator.apiToken,
    CLOUDFLARE_BASE_URL: simulator.url,
    PULUMI_BACKEND_URL: `file://${project.folder}`,
    PULUMI_HOME: join(project.folder, "pulumi-home"),
    PULUMI_CONFIG_PASSPHRASE: "only-for-this-test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  return JSON.parse(await project.node(PROGRAM, env)) as Report;
}

describe("the packed package in an empty project", () => {
  it.each(KINDS)(
    "does preview, up, refresh and destroy on the real engine, with the $kind provider",
    async ({ kind }) => {
      const tunnelId = simulator.addTunnel();

      const { psk, failure } = await run(tunnelId, NAME, kind);

      expect(failure).toBeUndefined();
      expect(psk).toEqual({ value: simulator.keyAtEdge(tunnelId), secret: true });
    },
  );

  it("renders and checks through an entry that loads no Pulumi", async () => {
    const program = `
      const { pskProblems, renderGatewayConfig } = require("pulumi-cloudflare-ipsec-psk/gateways");
      const psk = "fake-key-for-tests-only";
      const tunnel = { name: "branch-1", psk, fqdnId: "fake.example.com", cloudflareEndpoint: "203.0.113.10" };
      const sheet = renderGatewayConfig("markdown", tunnel);
      const problems = pskProblems(psk, "junos");
      console.log(JSON.stringify({ sheet, problems, loaded: Object.keys(require.cache) }));
    `;

    const printed = JSON.parse(await project.node(program, {})) as {
      sheet: string;
      problems: string[];
      loaded: string[];
    };
    const { sheet, problems, loaded } = printed;

    expect(sheet).toContain("\nfake-key-for-tests-only\n");
    expect(problems).toEqual([]);
    expect(loaded.filter((file) => file.includes("@pulumi"))).toEqual([]);
    expect(loaded.filter((file) => file.includes("gateways"))).not.toEqual([]);
  });

  it("exports to ES modules every name that it exports to CommonJS, from each of its entries", async () => {
    const program = `
      const { exports: entries } = require("pulumi-cloudflare-ipsec-psk/package.json");
      const names = async (path) => {
        const asModule = Object.keys(await import(path));
        return [path, { asModule, asCommonJs: Object.keys(require(path)) }];
      };
      const code = Object.keys(entries).filter((path) => !path.endsWith(".json"));
      Promise.all(code.map((path) => names(path.replace(".", "pulumi-cloudflare-ipsec-psk"))))
        .then((all) => console.log(JSON.stringify(Object.fromEntries(all))));
    `;

    const entries = JSON.parse(await project.node(program, {})) as Record<string, Names>;

    expect(entries["pulumi-cloudflare-ipsec-psk"]?.asModule).toContain("IpsecTunnelPsk");
    expect(entries["pulumi-cloudflare-ipsec-psk/provider"]?.asModule).toContain("configure");
    for (const { asModule, asCommonJs } of Object.values(entries)) {
      expect(asModule).toEqual(expect.arrayContaining(asCommonJs));
    }
  });

  it("shows the lines of its source in stack traces, and the source with them", async () => {
    const program = `
      process.setSourceMapsEnabled(true);
      const { renderGatewayConfig } = require("pulumi-cloudflare-ipsec-psk/gateways");
      try { renderGatewayConfig("vyos", {}); } catch (error) { console.log(error.stack); }
    `;

    expect(await project.node(program, {})).toMatch(
      /at renderGatewayConfig \(.*\/src\/gateways\/render-gateway-config\.ts:\d+:\d+\)/,
    );
    expect(sourcesMissing(join(project.folder, "node_modules", "pulumi-cloudflare-ipsec-psk", "dist"))).toEqual([]);
  });

  it("takes at most 12 MB beside @pulumi/pulumi", () => {
    expect(addedBytes).toBeGreaterThan(0);
    expect(addedBytes).toBeLessThanOrEqual(MAX_INSTALLED_BYTES);
  });

  it("holds what its allow-list names: no source, no test, and no example that needs them", () => {
    const folder = join(project.folder, "node_modules", "pulumi-cloudflare-ipsec-psk");

    expect(
      readdirSync(folder)
        .filter((name) => name !== "node_modules")
        .sort(),
    ).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "dist", "docs", "examples", "package.json", "plugin"]);
    expect(readdirSync(join(folder, "examples"))).not.toContain("demo");
    expect(existsSync(join(folder, "examples/two-tunnels/load-tunnel.sh"))).toBe(true);
  });
});

// Last, because it removes the package.
describe("a program that contains the package, in a project without it", () => {
  it("gets a warning in the preview, and fails in up before a key is generated", async () => {
    renameSync(join(project.folder, "node_modules", NAME), join(project.folder, "bundle"));
    const tunnelId = simulator.addTunnel();
    simulator.clearRequests();

    const { preview, failure } = await run(tunnelId, "./bundle");

    expect(preview).toContain(`Run \`npm install ${NAME}\` there`);
    expect(failure).toContain(`Cannot find module '${NAME}/provider'`);
    expect(simulator.requests().filter(({ operation }) => operation === "generate")).toEqual([]);
  });
});

interface Names {
  readonly asModule: string[];
  readonly asCommonJs: string[];
}

/** The built files whose map is missing, or does not hold the source that the package leaves out. */
function sourcesMissing(dist: string): string[] {
  const built = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  return built.filter((file) => {
    const map = readJson(join(dist, `${file}.map`)) as { sourcesContent?: string[] };
    return map.sourcesContent?.length !== 1 || map.sourcesContent.includes("");
  });
}

function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}
