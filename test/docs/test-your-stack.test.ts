import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { ensurePulumiCli } from "../../tools/pulumi-cli";
import { requireBuild, ROOT } from "../support/build";
import { type CodeBlock, codeBlocksOf } from "./code-blocks";
import { nameOf } from "./compile";
import { readPage } from "./markdown";

const blocks = codeBlocksOf(readPage("docs/test-your-stack.md"));
const files = blocks.flatMap((block) => {
  const name = nameOf(block);
  return name === undefined ? [] : [{ name, code: block.code }];
});
const tests = files.flatMap(({ code }) => [...code.matchAll(/^test\("(.+)",/gm)].map(([, name]) => name));
const command = blocks.find(isCommand)?.code ?? "";

let folder: string;

beforeAll(async () => {
  requireBuild();
  folder = await mkdtemp(join(tmpdir(), "ipsec-psk-docs-"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await Promise.all(files.map(({ name, code }) => writeFile(join(folder, name), code)));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("docs/test-your-stack.md", () => {
  it("has tests that pass, with its own command, in a folder that has only its files", async () => {
    const { output, failed } = await runCommand();
    const passed = [...output.matchAll(/^ok \d+ - (.+)$/gm)].map(([, name]) => name);

    expect(tests).toHaveLength(5);
    expect({ passed, whatFailed: failed ? output : "" }).toEqual({ passed: tests, whatFailed: "" });
  }, 240_000);
});

function isCommand({ language, code }: CodeBlock): boolean {
  return language === "sh" && code.includes("--test");
}

async function runCommand(): Promise<{ readonly output: string; readonly failed: boolean }> {
  const env = {
    ...process.env,
    NODE_OPTIONS: "--test-reporter=tap",
    PATH: [dirname(await ensurePulumiCli()), process.env.PATH].join(delimiter),
    PULUMI_HOME: join(folder, "pulumi-home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    TMPDIR: folder,
  };
  return new Promise((resolve) => {
    execFile("sh", ["-c", command], { cwd: folder, env, timeout: 200_000 }, (error, stdout, stderr) => {
      resolve({ output: stdout + stderr, failed: error !== null });
    });
  });
}
