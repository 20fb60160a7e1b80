import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";

const windows = process.platform === "win32";

export const pulumiName = windows ? "pulumi.exe" : "pulumi";

/** The launcher of the dynamic providers of Node.js: the engine looks for it on PATH and beside itself, nowhere else. */
export const launcherName = windows ? "pulumi-resource-pulumi-nodejs.cmd" : "pulumi-resource-pulumi-nodejs";

/** Where the CLI is below an installation's root; the Automation API expects it there. */
export function binaryIn(root: string): string {
  return join(root, "bin", pulumiName);
}

/** This project's own installation of one engine version. */
export function cacheRoot(env: NodeJS.ProcessEnv, version: string): string {
  const xdg = env.XDG_CACHE_HOME ?? "";
  // The XDG specification has relative paths ignored.
  const caches = isAbsolute(xdg) ? xdg : join(env.HOME ?? homedir(), ".cache");
  return join(caches, "pulumi-cloudflare-ipsec-psk", "pulumi-cli", version);
}

/** The directories of PATH, in order, each once. */
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
