import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** An npm project of a user's, in a temporary folder of its own. */
export interface UserProject {
  readonly folder: string;
  npm(...args: string[]): Promise<string>;
  /** Runs a CommonJS program in the project, and returns what it printed. */
  node(program: string, env: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

export async function createUserProject(): Promise<UserProject> {
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-user-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "user", private: true }));
  return {
    folder,
    npm: async (...args) => (await run("npm", args, { cwd: folder })).stdout,
    node: async (program, env) => {
      const file = join(folder, "program.cjs");
      await writeFile(file, program);
      return (await run(process.execPath, [file], { cwd: folder, env: { ...process.env, ...env } })).stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
