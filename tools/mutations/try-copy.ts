import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Mutation } from "./mutations";

const root = resolve(__dirname, "../..");

export interface Attempt {
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

/** Runs a test against a copy of `src`, mutated or as it is. */
export async function tryCopy(test: string, mutation?: Mutation): Promise<Attempt> {
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-mutation-"));
  try {
    await cp(join(root, "src"), join(folder, "src"), { recursive: true });
    await cp(join(root, "test"), join(folder, "test"), { recursive: true });
    for (const file of ["package.json", "jest.config.cjs"]) await cp(join(root, file), join(folder, file));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction");
    if (mutation !== undefined) await apply(mutation, join(folder, "src", mutation.file));
    return await runTest(folder, test);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function apply({ name, file, find, replace }: Mutation, path: string): Promise<void> {
  const parts = (await readFile(path, "utf8")).split(find);
  if (parts.length !== 2) {
    throw new Error(
      `Cannot apply the mutation "${name}": ${file} must have this once, but has it ${parts.length - 1} times: ${find}`,
    );
  }
  await writeFile(path, parts.join(replace));
}

// A mutated test may wait forever, or leave something open that keeps its process.
const LIMIT_MS = 120_000;

function runTest(folder: string, test: string): Promise<Attempt> {
  const jest = join(root, "node_modules/jest/bin/jest.js");
  const flags = ["--runInBand", "--no-cache", "--forceExit"];
  const args = [jest, "--rootDir", folder, ...flags, "--runTestsByPath", join(folder, "test", test)];
  const startedAt = performance.now();
  return new Promise((done, fail) => {
    const env = { ...process.env, MODEL_SHRINK: "no" };
    const child = spawn(process.execPath, args, { cwd: folder, env, timeout: LIMIT_MS, killSignal: "SIGKILL" });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("error", fail);
    child.once("close", (code) => {
      done({ passed: code === 0, output, seconds: (performance.now() - startedAt) / 1_000 });
    });
  });
}
