import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectCache } from "../pulumi-cli/paths";
import { run } from "../pulumi-cli/run";
import { builds, version } from "./node-builds.json";
import type { Platform } from "./platforms";

const TIME_LIMIT_MS = 10 * 60_000;

/**
 * Downloads Node.js for a platform into this project's cache, unless it is there: from npm, by the version and the checksum in
 * node-builds.json.
 *
 * @returns The folder of its npm package.
 * @throws {Error} if npm cannot download it, or if the checksum differs.
 */
export async function ensureNodeBuild(platform: Platform, env = process.env): Promise<string> {
  const { package: name, integrity } = builds[platform];
  const folder = join(projectCache(env), "node", `${name}-${version}`);
  if (existsSync(folder)) return folder;

  mkdirSync(dirname(folder), { recursive: true });
  const temporary = mkdtempSync(`${folder}.new-`);
  try {
    const options = { env, timeLimitMs: TIME_LIMIT_MS, cwd: temporary };
    const archive = (await run("npm", ["pack", "--silent", `${name}@${version}`], options)).trim();
    refuseOther(readFileSync(join(temporary, archive)), integrity, `${name}@${version}`);
    await run("tar", ["-xzf", archive, "--exclude=package/include", "--exclude=package/share"], options);
    place(join(temporary, "package"), folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** Returns the executable in the folder of an npm package of Node.js. */
export function nodeIn(folder: string, platform: Platform): string {
  return join(folder, "bin", platform.startsWith("windows") ? "node.exe" : "node");
}

/** @throws {Error} if the content is not what the checksum is of. */
export function refuseOther(content: Uint8Array, integrity: string, name: string): void {
  const found = `sha512-${createHash("sha512").update(content).digest("base64")}`;
  if (found !== integrity) throw new Error(`Cannot use ${name}: its checksum is ${found}, instead of ${integrity}`);
}

function place(made: string, folder: string): void {
  try {
    renameSync(made, folder);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(folder)) throw error;
  }
}
