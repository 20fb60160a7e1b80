import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ensurePulumiCli } from "../pulumi-cli";
import { AXES, type Cell } from "./cells";
import { run } from "./run";

/** What all cells share, in a temporary folder. */
export interface Workshop {
  /** The engine. */
  readonly cli: string;
  /** The package as it would be published. */
  readonly tarball: string;
  /** A new folder for one project. */
  createFolder(): Promise<string>;
  /** Environment of a process that finds the cell's Node.js and package manager first. */
  environmentOf(cell: Cell): NodeJS.ProcessEnv;
  close(): Promise<void>;
}

const PNPM = "10";
const ROOT = join(__dirname, "../..");

export async function openWorkshop(): Promise<Workshop> {
  const cli = await ensurePulumiCli({ onProgress: (line) => process.stderr.write(`${line}\n`) });
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-matrix-"));
  try {
    return await furnish(folder, cli);
  } catch (error) {
    await remove(folder);
    throw error;
  }
}

async function furnish(folder: string, cli: string): Promise<Workshop> {
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
      // Nothing of the user's own pnpm is touched.
      npm_config_store_dir: join(folder, "pnpm-store"),
    }),
    close: () => remove(folder),
  };
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** npm has Node.js itself, in a package for each platform. */
function nodePackage(): string {
  return `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
}

async function installAlone(folder: string, what: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), "{}");
  await run("npm", ["install", "--no-audit", "--no-fund", what], { cwd: folder });
}
