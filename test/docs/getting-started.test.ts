import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { ensurePulumiCli } from "../../tools/pulumi-cli";
import { requireBuild, ROOT } from "../support/build";
import { type CodeBlock, codeBlocksBelow } from "./code-blocks";
import { readPage } from "./markdown";

const page = readPage("docs/getting-started.md");
const blocksBelow = (title: string): CodeBlock[] => codeBlocksBelow(page, title);
const commandBelow = (title: string) => blocksBelow(title).find(({ language }) => language === "sh")?.code ?? "false";
/** What a preview says, by the page; IDs and timestamps differ in each run. */
const textBelow = (title: string) =>
  (blocksBelow(title).find(({ language }) => language === "text")?.code ?? "no text")
    .split("\n")
    .map((line) => withoutIds(line).replace(/\d{4}-\d\d-\d\dT[^]*$/, ""));

/** What the reader's shell keeps from one command to the next. */
const exported = /^export .+$/m.exec(commandBelow("Configure a stack"))?.[0] ?? "false";

let folder: string;
let simulator: ChildProcess;
let introduction: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  requireBuild();
  folder = await mkdtemp(join(tmpdir(), "ipsec-psk-getting-started-"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ main: "index.ts" }));
  for (const { code } of blocksBelow("Create a project")) {
    const [, name] = /^(?:\/\/|#) (\S+\.\w+)\n/.exec(code) ?? [];
    if (name !== undefined) await writeFile(join(folder, name), code);
  }

  simulator = spawn(process.execPath, [join(ROOT, "dist/simulator/main.js"), "simulator"]);
  const { stdout } = simulator;
  const [text] = (await once(stdout ?? simulator, "data")) as [Buffer];
  introduction = text.toString();
  env = {
    ...process.env,
    PATH: [join(ROOT, "test/support/language-host"), dirname(await ensurePulumiCli()), process.env.PATH].join(
      delimiter,
    ),
    PULUMI_HOME: join(folder, "pulumi-home"),
    PULUMI_SKIP_CONFIRMATIONS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
});

afterAll(async () => {
  simulator.kill();
  await rm(folder, { recursive: true, force: true });
});

describe("part 1 of docs/getting-started.md", () => {
  it("is true, from its files to its last command, against the simulator that it starts", async () => {
    await run(commandBelow("Configure a stack"));
    await run((introduction.match(/pulumi config set .+/g) ?? []).join("\n"));
    // The types of the program are checked once, by Pulumi.
    expectLines(await run(commandBelow("Preview")), textBelow("Preview"));
    env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";

    expect(await run(commandBelow("Generate the key"))).toMatch(/status *: "active"[^]*swanctl *: \[secret\]/);
    await run(commandBelow("Write the router's file"));
    const first = readFileSync(join(folder, "swanctl.conf"), "utf8");

    edit("2026-Q3", "2026-Q4");
    expectLines(await run(commandBelow("Rotate the key")), textBelow("Rotate the key"));
    await run(`pulumi up\n${commandBelow("Write the router's file")}`);
    const second = readFileSync(join(folder, "swanctl.conf"), "utf8");
    expect([first, second].map((text) => /secret = 0s\S+/.test(text))).toEqual([true, true]);
    expect(second).not.toBe(first);

    await rotateAsSomeoneElse();
    expectLines(await run(commandBelow("See drift")), textBelow("See drift"));

    expect(await run(commandBelow("Make a mistake"), { fails: true })).toContain("ERR_TUNNEL_NOT_FOUND");
    await run(commandBelow("Clean up"));
  }, 300_000);
});

function expectLines(output: string, lines: readonly string[]): void {
  expect(lines.filter((line) => !withoutIds(output).includes(line))).toEqual([]);
}

function withoutIds(text: string): string {
  return text.replace(/[\da-f]{32}/g, "<ID>");
}

function edit(from: string, to: string): void {
  const file = join(folder, "index.ts");
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

async function rotateAsSomeoneElse(): Promise<void> {
  const [, authorization = "", url = ""] = /curl -X POST -H "Authorization: (.+)" (\S+)/.exec(introduction) ?? [];
  expect((await fetch(url, { method: "POST", headers: { authorization } })).status).toBe(200);
}

async function run(commands: string, { fails = false } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      "sh",
      ["-ec", `${exported}\n${commands}`],
      { cwd: folder, env, timeout: 60_000 },
      (error, stdout, stderr) => {
        const output = stdout + stderr;
        if ((error !== null) === fails) resolve(output);
        else reject(new Error(`${commands}\n${output}`));
      },
    );
  });
}
