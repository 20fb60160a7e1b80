import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";

const windows = process.platform === "win32";

export const pulumiName = windows ? "pulumi.exe" : "pulumi";

/** The launcher of dynamic providers for Node.js. The engine looks for it only on PATH and in its own directory. */
export const launcherName = windows ? "pulumi-resource-pulumi-nodejs.cmd" : "pulumi-resource-pulumi-nodejs";

/** Returns the path of the CLI in an installation, where the Automation API expects it. */
export function binaryIn(root: string): string {
  return join(root, "bin", pulumiName);
}

/** Returns the directory of this project's installation of one engine version. */
export function cacheRoot(env: NodeJS.ProcessEnv, version: string): string {
  return join(projectCache(env), "pulumi-cli", version);
}

/** Returns the directory of everything that this project keeps between runs on one machine. */
export function projectCache(env: NodeJS.ProcessEnv): string {
  const xdg = env.XDG_CACHE_HOME ?? "";
  // The XDG specification says to ignore relative paths.
  const caches = isAbsolute(xdg) ? xdg : join(env.HOME ?? homedir(), ".cache");
  return join(caches, "pulumi-cloudflare-ipsec-psk");
}

/** Returns the directories of PATH in order, without duplicates. */
export function pathDirectories(env: NodeJS.ProcessEnv): string[] {
  const entries = (env.PATH ?? "").split(delimiter).filter((entry) => entry !== "");
  return [...new Set(entries.map((entry) => resolve(entry)))];
}

export function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
