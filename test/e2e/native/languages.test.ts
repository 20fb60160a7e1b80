import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  type Archive,
  createScriptArchive,
  createSelfContainedArchive,
  type Folders,
} from "../../../tools/plugin/create-archives";
import { hostPlatform } from "../../../tools/plugin/platforms";
import { VERSION } from "../../../src/version";
import { codeBlocksOf } from "../../docs/code-blocks";
import { readPage } from "../../docs/markdown";
import { ROOT } from "../../support/build";
import { closeWithoutLeaks, type ProjectStack, startProject } from "../../support/engine";
import { type Language, LANGUAGES } from "../../support/languages";
import { type SimulatorProcess, startSimulatorProcess } from "../../support/simulator-process";
import { createUserProject, type UserProject } from "../../support/user-project";

const PLUGINS = /^plugins:\n(?: .*\n)+/m;
/** All above the configuration and the resources. */
const HEAD = /^[^]+\nplugins:\n(?: .*\n)+/;

let user: UserProject;
let empty: string;
let selfContained: Archive;

beforeAll(async () => {
  user = await createUserProject();
  await user.installPacked();
  for (const language of Object.values(LANGUAGES)) await language.install(user);
  empty = await mkdtemp(join(tmpdir(), "ipsec-psk-empty-"));
  selfContained = await createSelfContainedArchive(hostPlatform(), folders());
}, 20 * 60_000);

afterAll(async () => {
  await user.remove();
  await rm(empty, { recursive: true, force: true });
});

let simulator: SimulatorProcess;
let stack: ProjectStack;

const folders = (): Folders => ({ plugin: join(ROOT, "plugin"), root: ROOT, output: user.folder });

async function start(language: Language, nodeModules: string, env: Record<string, string> = {}): Promise<void> {
  simulator = await startSimulatorProcess(user.folder);
  const config = {
    accountId: simulator.accountId,
    ipsecTunnelId: simulator.tunnelId,
    cloudflareEndpoint: "203.0.113.10",
    "cloudflare-ipsec-psk:apiToken": { value: simulator.apiToken, secret: true },
    "cloudflare-ipsec-psk:baseUrl": simulator.url,
  };
  const driver = await language.driver?.(user);
  stack = await startProject(
    { "": `examples/${language.example}` },
    { config, nodeModules, env, ...(driver && { driver }) },
  );
}

afterEach(async () => {
  await closeWithoutLeaks(stack, simulator.issuedKeys());
  await simulator.close();
});

/** The project names the folder of the package. */
async function fromThePackage(language: Language): Promise<void> {
  await start(language, join(user.folder, "node_modules"));
}

/** Another machine has no package of npm's: the project says nothing of where the plugin is. */
async function fromAnArchive({ path }: Archive, language: Language, env?: Record<string, string>): Promise<void> {
  await start(language, empty, env);
  await stack.edit("Pulumi.yaml", (text) => text.replace(PLUGINS, ""));
  await stack.cli("plugin", "install", "resource", "cloudflare-ipsec-psk", VERSION, "--file", path);
}

/** On a machine that has no Node.js on PATH, and nothing else. */
async function fromTheSelfContained(language: Language): Promise<void> {
  await fromAnArchive(selfContained, language, { PATH: empty });
}

const { YAML, NODE, PYTHON, GO } = LANGUAGES;

const LIVES = [
  { language: YAML, plugin: "the plugin of the package", prepare: fromThePackage },
  { language: NODE, plugin: "the plugin of the package", prepare: fromThePackage },
  ...[YAML, PYTHON, GO].map((language) => {
    return { language, plugin: "the self-contained plugin and no Node.js", prepare: fromTheSelfContained };
  }),
];

describe.each(LIVES)("a program in $language.name, with $plugin,", ({ language, prepare }) => {
  it("generates, keeps, rotates, repairs and destroys, from a refused preview to the last command", async () => {
    await prepare(language);
    const { tunnelId } = simulator;

    await stack.configure({ ipsecTunnelId: "0".repeat(32) });
    const refused = await stack.preview();
    expect(refused.succeeded).toBe(false);
    expect(refused.text).toMatch(/IpsecTunnelPsk \(branch-1\):\s+error: Preview failed: Cannot generate a key for/);
    expect(refused.text).toContain("(ERR_TUNNEL_NOT_FOUND)");

    await stack.configure({ ipsecTunnelId: tunnelId });
    const preview = await stack.preview();
    expect(preview.steps).toEqual({ create: 3 });
    expect(preview.text).toContain("A new key will be generated, active immediately: the resource of tunnel");
    expect(preview.text).toContain("Cloudflare would accept this (validate_only: nothing was persisted).");
    expect(simulator.generations()).toBe(0);

    const first = await stack.up();
    expect(first.steps).toEqual({ create: 3 });
    expect(first.outputs.psk).toEqual({ value: simulator.keyAtEdge(), secret: true });
    expect(first.outputs.swanctl?.secret).toBe(true);
    expect(await stack.stored("branch-1")).toEqual({ psk: simulator.keyAtEdge(), status: "active" });

    const again = await stack.up();
    expect(again.steps).toEqual({ same: 3 });

    await stack.edit(language.program, (text) => text.replace("2026-Q4", "2027-Q1"));
    const announced = await stack.preview();
    expect(announced.text).toMatch(/IpsecTunnelPsk branch-1 update \[diff: ~rotationTriggers\]/);
    expect(announced.text).toContain('rotationTriggers.quarter changed from "2026-Q4" to "2027-Q1"');
    const rotated = await stack.up();
    expect(rotated.steps).toEqual({ same: 1, update: 2 });
    expect(simulator.generations()).toBe(2);
    expect(rotated.outputs.psk?.value).toBe(simulator.keyAtEdge());

    await simulator.rotate();
    const drifted = await stack.preview();
    expect(drifted.text).toContain("someone else rotated the key at");
    const repaired = await stack.up();
    expect(repaired.steps).toEqual({ same: 1, update: 2 });
    expect(simulator.generations()).toBe(4);
    expect(await stack.stored("branch-1")).toEqual({ psk: simulator.keyAtEdge(), status: "active" });

    const file = await writeRoutersFile(empty);
    expect(keyIn(await readFile(file, "utf8"))).toBe(simulator.keyAtEdge());
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const refresh = await stack.refresh();
    expect(refresh.steps).toEqual({ same: 3 });
    expect(await stack.stored("branch-1")).toEqual({ psk: simulator.keyAtEdge(), status: "active" });

    const destroy = await stack.destroy();
    expect(destroy.steps).toEqual({ delete: 3 });
    expect(simulator.generations()).toBe(4);
  }, 300_000);
});

// The same plugin: what it does is tested above.
describe.each([
  {
    language: YAML,
    plugin: "the script of the release",
    prepare: () => fromAnArchive(createScriptArchive(folders()), YAML),
  },
  ...[PYTHON, GO].map((language) => {
    return { language, plugin: "the plugin of the package", prepare: () => fromThePackage(language) };
  }),
])("a program in $language.name, with $plugin,", ({ prepare }) => {
  it("generates, and destroys", async () => {
    await prepare();

    const up = await stack.up();
    expect(up.steps).toEqual({ create: 3 });
    expect(await stack.stored("branch-1")).toEqual({ psk: simulator.keyAtEdge(), status: "active" });

    const destroy = await stack.destroy();
    expect(destroy.steps).toEqual({ delete: 3 });
    expect(simulator.generations()).toBe(1);
  });
});

describe("the YAML of docs/languages.md", () => {
  it("generates a key with the token of another account, and checks it for a cloud VPN", async () => {
    await fromThePackage(YAML);
    const { accountId, tunnelId, apiToken, url } = simulator;
    const accounts = snippetWith("pulumi:providers:")
      .replace(/apiToken: [^ ]+/, `$&, baseUrl: "${url}"`)
      .replace(/ipsecTunnelId: [^ ]+/, "$&, compatibleWith: [aws]");
    const check = snippetWith("cloudflare-ipsec-psk:checkPsk").replace("branch-1", "paris");
    const outputs = 'outputs: { generated: "${paris.psk}", checked: "${aws-psk}" }';
    await stack.edit("Pulumi.yaml", (text) => [HEAD.exec(text)?.[0], accounts, check, outputs].join("\n"));
    await stack.configure({
      emeaToken: { value: apiToken, secret: true },
      "cloudflare-ipsec-psk:apiToken": { value: "the-token-of-another-account", secret: true },
      emeaAccountId: accountId,
      parisTunnelId: tunnelId,
    });

    const preview = await stack.preview();
    const up = await stack.up();

    expect(preview.steps).toEqual({ create: 3 });
    const psk = { value: simulator.keyAtEdge(), secret: true };
    expect(up.outputs).toEqual({ generated: psk, checked: psk });
  });
});

describe("digits in YAML", () => {
  it("are taken as the text that they are, even where YAML reads a number", async () => {
    await fromThePackage(YAML);
    const { accountId, tunnelId, apiToken, url } = simulator;
    await stack.edit("Pulumi.yaml", (text) =>
      text
        .replace("ipsecTunnelId: ${ipsecTunnelId}", "$&\n      conduitId: ${conduitId}")
        .replace("quarter: 2026-Q4", "week: 202648"),
    );
    await stack.configure({
      accountId,
      ipsecTunnelId: tunnelId,
      conduitId: "33145236",
      cloudflareEndpoint: "203.0.113.10",
      "cloudflare-ipsec-psk:apiToken": { value: apiToken, secret: true },
      "cloudflare-ipsec-psk:baseUrl": url,
    });

    expect((await stack.up()).outputs.psk).toEqual({ value: simulator.keyAtEdge(), secret: true });
    expect((await stack.preview()).steps).toEqual({ same: 3 });
  });
});

function snippetWith(text: string): string {
  const snippets = codeBlocksOf(readPage("docs/languages.md")).map(({ code }) => code);
  return snippets.find((code) => code.includes(text)) ?? "";
}

/** Runs the command of README.md that writes the router's file, into a folder where no leaks are searched. */
async function writeRoutersFile(folder: string): Promise<string> {
  const [command = "false"] = /^\(umask .+ > swanctl\.conf\)/m.exec(readPage("README.md").text) ?? [];
  const { workDir, pulumiHome, envVars, pulumiCommand } = stack.automation.workspace;
  const path = `${dirname(pulumiCommand.command)}:${process.env.PATH ?? ""}`;
  await promisify(execFile)("sh", ["-c", command.replace("swanctl.conf", "$FOLDER/swanctl.conf")], {
    cwd: workDir,
    env: { ...process.env, ...envVars, PATH: path, PULUMI_HOME: pulumiHome, FOLDER: folder },
  });
  return join(folder, "swanctl.conf");
}

function keyIn(swanctl: string): string {
  return Buffer.from(/secret = 0s(\S*)/.exec(swanctl)?.[1] ?? "", "base64").toString("utf8");
}
