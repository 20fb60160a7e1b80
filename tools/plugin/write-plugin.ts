import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundlePlugin } from "./bundle";
import { bundledPackages, licensesText } from "./licenses";

/** The name by which Pulumi's engine looks for the plugin. */
export const PLUGIN = "pulumi-resource-cloudflare-ipsec-psk";

/** The licenses of what is bundled. */
export const LICENSES = "THIRD-PARTY-LICENSES.txt";

/** Builds the plugin into a folder: the file, a command for Windows, and the licenses of what is bundled. Returns the file's size in bytes. */
export async function writePlugin(folder: string, root: string): Promise<number> {
  const { code, metafile } = await bundlePlugin();
  mkdirSync(folder, { recursive: true });
  place(join(folder, LICENSES), licensesText(bundledPackages(metafile, root)));
  place(join(folder, `${PLUGIN}.cmd`), WINDOWS_COMMAND);
  place(join(folder, PLUGIN), code);
  return code.length;
}

// Renames into place, because an engine may be starting the old file.
function place(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.new`, content);
  chmodSync(`${path}.new`, path.endsWith(PLUGIN) ? 0o755 : 0o644);
  renameSync(`${path}.new`, path);
}

const WINDOWS_COMMAND = ["@echo off", "rem Has not been run on Windows.", `node "%~dp0${PLUGIN}" %*`, ""].join("\r\n");
