import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { devDependencies } from "../../../package.json";
import { VERSION } from "../../../src/version";
import { installScriptsIn } from "../../../tools/release/install-scripts";
import { createSdkPackages } from "../../../tools/sdk";
import { ROOT } from "../../support/build";
import { buildGo } from "../../support/languages";
import { createUserProject, type UserProject } from "../../support/user-project";

const run = promisify(execFile);

let folder: string;
let user: UserProject;
let packages: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ipsec-psk-packages-"));
  await createSdkPackages(join(folder, "release"));
  packages = await readdir(join(folder, "release"));
  user = await createUserProject();
}, 300_000);

afterAll(async () => {
  await user.remove();
  await rm(folder, { recursive: true, force: true });
});

function packageFile(end: string): string {
  const name = packages.find((candidate) => candidate.endsWith(end));
  if (name === undefined) throw new Error(`Cannot find a package *${end} in ${packages.join(", ")}`);
  return join(folder, "release", name);
}

describe("createSdkPackages()", () => {
  it("creates what each language ships, with the version in its name", () => {
    expect([...packages].sort()).toEqual([
      `cloudflare-ipsec-psk-${VERSION}.tgz`,
      `cloudflare-ipsec-psk-go-sdk-${VERSION}.tar.gz`,
      `pulumi_cloudflare_ipsec_psk-${VERSION}-py3-none-any.whl`,
      `pulumi_cloudflare_ipsec_psk-${VERSION}.tar.gz`,
    ]);
  });
});

describe("in an empty project,", () => {
  it("pip installs the wheel, and then the sdist, which Python imports", async () => {
    const python = join(folder, "venv/bin/python");
    const pip = (...args: readonly string[]) => run(python, ["-m", "pip", "--disable-pip-version-check", ...args]);
    const program =
      "import pulumi_cloudflare_ipsec_psk as psk; print(psk.Dialect.STRONGSWAN.value, psk.IpsecTunnelPsk)";
    const printed = "strongswan <class 'pulumi_cloudflare_ipsec_psk.ipsec_tunnel_psk.IpsecTunnelPsk'>\n";
    await run("python3", ["-m", "venv", join(folder, "venv")]);

    await pip("install", packageFile(".whl"));
    expect((await run(python, ["-c", program])).stdout).toBe(printed);

    await pip("uninstall", "--yes", "pulumi_cloudflare_ipsec_psk");
    await pip("install", "--no-deps", packageFile(`psk-${VERSION}.tar.gz`));
    expect((await run(python, ["-c", program])).stdout).toBe(printed);
  }, 300_000);

  it("npm installs the package without a script, and TypeScript and Node.js find the resources", async () => {
    await user.install(packageFile(".tgz"), `@pulumi/pulumi@${devDependencies["@pulumi/pulumi"]}`);
    const installed = join(user.folder, "node_modules/cloudflare-ipsec-psk/package.json");
    expect(installScriptsIn(JSON.parse(await readFile(installed, "utf8")) as object)).toEqual([]);
    await cp(join(ROOT, "examples/node-native/index.ts"), join(user.folder, "index.ts"));
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const flags = [
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--module",
      "node16",
      "--target",
      "es2022",
      "--types",
      "node",
    ];

    await expect(run(process.execPath, [tsc, ...flags, "index.ts"], { cwd: user.folder })).resolves.toBeDefined();
    const program = 'console.log(Object.keys(require("cloudflare-ipsec-psk")).sort().join());';
    expect(await user.node(program, {})).toContain("GatewayConfig,IpsecTunnelPsk,");
  }, 300_000);

  it("Go builds examples/go with the module of the archive", async () => {
    const project = join(folder, "go");
    const sdk = join(project, "sdks/cloudflare-ipsec-psk");
    await cp(join(ROOT, "examples/go"), project, { recursive: true });
    // The versions of modules with which the CLI is built, so that Go has compiled them.
    for (const file of ["go.mod", "go.sum"])
      await cp(join(ROOT, "test/support/languages/go", file), join(project, file));
    await mkdir(sdk, { recursive: true });
    await run("tar", ["-xzf", packageFile(`go-sdk-${VERSION}.tar.gz`), "-C", sdk]);

    await buildGo(project, "program");

    expect(await readdir(project)).toContain("program");
    expect(await readFile(join(sdk, "LICENSE"), "utf8")).toContain("Apache License");
  }, 300_000);
});
