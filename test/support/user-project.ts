import { execFile } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { bin, dependencies, name as ownName, peerDependencies } from "../../package.json";
import { requireBuild, ROOT } from "./build";

const run = promisify(execFile);

/** An npm project of a user's, in a temporary folder of its own. */
export interface UserProject {
  readonly folder: string;
  /** Adds packages, from a registry. */
  install(...packages: string[]): Promise<void>;
  /** Packs this repository's package, as it is built. Returns what {@link UserProject.install} takes. */
  pack(): Promise<string>;
  /** Adds this repository's package, packed, and what it declares to need, from this repository: no registry is asked. */
  installPacked(): Promise<void>;
  /** Bytes of all the files that are installed. */
  installedBytes(): number;
  /** Runs a CommonJS program in the project, and returns what it printed. */
  node(program: string, env: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

export async function createUserProject(): Promise<UserProject> {
  requireBuild();
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-user-"));
  const installed = join(folder, "node_modules");
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "user", private: true }));

  async function pack(): Promise<string> {
    const args = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
    return `./${(await run("npm", args, { cwd: ROOT })).stdout.trim()}`;
  }

  return {
    folder,
    install: async (...packages) => {
      await run("npm", ["install", "--no-audit", "--no-fund", ...packages], { cwd: folder });
    },
    pack,
    installPacked: async () => {
      const own = join(installed, ownName);
      await mkdir(own, { recursive: true });
      await run("tar", ["-xzf", await pack(), "--strip-components=1", "-C", own], { cwd: folder });
      for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
        await mkdir(dirname(join(installed, name)), { recursive: true });
        await symlink(join(ROOT, "node_modules", name), join(installed, name));
      }
      await linkCommands(installed, own);
    },
    installedBytes: () =>
      readdirSync(installed, { recursive: true, withFileTypes: true })
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

// As npm does, so that `npx` finds them.
async function linkCommands(installed: string, own: string): Promise<void> {
  await mkdir(join(installed, ".bin"));
  for (const [name, file] of Object.entries(bin)) {
    await chmod(join(own, file), 0o755);
    await symlink(join(own, file), join(installed, ".bin", name));
  }
}
