import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Mutation } from "./mutations";

const root = resolve(__dirname, "../..");
const require = createRequire(__filename);

export interface Attempt {
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

/** The test that has to catch a mutation, below `test`. */
export function testFor({ test = "model" }: Mutation): string {
  return test;
}

/** Runs a test against a copy of `src`, mutated or as it is. */
export async function tryCopy(test: string, mutation?: Mutation): Promise<Attempt> {
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-mutation-"));
  try {
    await cp(join(root, "src"), join(folder, "src"), { recursive: true });
    await cp(join(root, "test"), join(folder, "test"), { recursive: true });
    await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction");
    if (mutation !== undefined) await apply(mutation, join(folder, pathOf(mutation)));
    return await run(folder, test);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function pathOf({ file }: Mutation): string {
  return join("src", file.includes("/") ? file : `psk/${file}`);
}

async function apply({ name, file, find, replace }: Mutation, path: string): Promise<void> {
  const parts = (await readFile(path, "utf8")).split(find);
  if (parts.length !== 2) {
    throw new Error(
      `Cannot mutate ("${name}") as this has to occur once in ${file}, not ${parts.length - 1} times: ${find}`,
    );
  }
  await writeFile(path, parts.join(replace));
}

function run(folder: string, test: string): Promise<Attempt> {
  const config = {
    rootDir: folder,
    testEnvironment: "node",
    // The same options as in jest.config.cjs; only the root differs.
    transform: { "^.+\\.ts$": [require.resolve("@swc/jest"), { jsc: { target: "es2022" }, sourceMaps: "inline" }] },
  };
  const jest = join(root, "node_modules/jest/bin/jest.js");
  const args = [jest, "--config", JSON.stringify(config), "--runInBand", "--no-cache", "--", `test/${test}`];
  const startedAt = performance.now();
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, MODEL_SHRINK: "no" } });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("error", fail);
    child.once("close", (code) => {
      done({ passed: code === 0, output, seconds: (performance.now() - startedAt) / 1_000 });
    });
  });
}
