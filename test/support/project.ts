import { execFile } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./build";

const run = promisify(execFile);

/** An npm project of a user's, in a temporary folder of its own. */
export interface UserProject {
  readonly folder: string;
  /** Adds packages. */
  install(...packages: string[]): Promise<void>;
  /** Packs this repository's package, as it is built. Returns what {@link UserProject.install} takes. */
  pack(): Promise<string>;
  /** Bytes of all the files that are installed. */
  installedBytes(): number;
  /** Runs a CommonJS program in the project, and returns what it printed. */
  node(program: string, env: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

export async function createUserProject(): Promise<UserProject> {
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-user-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "user", private: true }));
  return {
    folder,
    install: async (...packages) => {
      await run("npm", ["install", "--no-audit", "--no-fund", ...packages], { cwd: folder });
    },
    pack: async () => {
      const args = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
      return `./${(await run("npm", args, { cwd: ROOT })).stdout.trim()}`;
    },
    installedBytes: () =>
      readdirSync(join(folder, "node_modules"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0),
    node: async (program, env) => {
      const file = join(folder, "program.cjs");
      await writeFile(file, program);
      return (await run(process.execPath, [file], { cwd: folder, env: { ...process.env, ...env } })).stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
