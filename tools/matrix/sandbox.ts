import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ensurePulumiCli } from "../pulumi-cli";
import { AXES, type Cell } from "./cells";
import { run } from "./run";

/** A temporary folder with all that the cells share. */
export interface Sandbox {
  /** The path of the Pulumi CLI. */
  readonly cli: string;
  /** The path of the package as it would be published. */
  readonly tarball: string;
  /** Creates a folder for one project. */
  createFolder(): Promise<string>;
  /** Returns an environment whose PATH starts with the cell's Node.js and package manager. */
  environmentOf(cell: Cell): NodeJS.ProcessEnv;
  close(): Promise<void>;
}

const PNPM = "10";
const ROOT = join(__dirname, "../..");

export async function createSandbox(): Promise<Sandbox> {
  const cli = await ensurePulumiCli({ onProgress: (line) => process.stderr.write(`${line}\n`) });
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-matrix-"));
  try {
    return await prepare(folder, cli);
  } catch (error) {
    await remove(folder);
    throw error;
  }
}

async function prepare(folder: string, cli: string): Promise<Sandbox> {
  const tarball = (await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: ROOT })).trim();
  for (const version of AXES.node) await installAlone(join(folder, `node-${version}`), `${nodePackage()}@${version}`);
  await installAlone(join(folder, "pnpm"), `pnpm@${PNPM}`);

  return {
    cli,
    tarball: join(folder, tarball),
    createFolder: () => mkdtemp(join(folder, "cell-")),
    environmentOf: ({ node }) => ({
      ...process.env,
      PATH: [
        join(folder, `node-${node}`, "node_modules", nodePackage(), "bin"),
        join(folder, "pnpm", "node_modules", ".bin"),
        process.env.PATH,
      ].join(delimiter),
      // Leaves the user's own pnpm store alone.
      npm_config_store_dir: join(folder, "pnpm-store"),
    }),
    close: () => remove(folder),
  };
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** Returns the npm package that contains Node.js for this platform. */
function nodePackage(): string {
  return `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
}

async function installAlone(folder: string, spec: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), "{}");
  await run("npm", ["install", "--no-audit", "--no-fund", spec], { cwd: folder });
}
