import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { VERSION } from "../../src/version";
import { LICENSES, PLUGIN } from "./write-plugin";
import { packTarGz, type TarFile } from "./tar";

/** Platforms by the names that Pulumi takes from Go. The plugin is the same file for all. */
export const PLATFORMS = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"] as const;

export type Platform = (typeof PLATFORMS)[number];

/** The page that every error names. */
export const ERRORS = "docs/errors.md";

/** Returns the name that `pulumi plugin install` looks for. */
export function archiveName(platform: Platform): string {
  return `${PLUGIN}-v${VERSION}-${platform}.tar.gz`;
}

/**
 * Packs a built plugin for every platform.
 *
 * @param plugin - The folder of the built plugin.
 * @param root - The repository, for the license of the plugin itself and the page of its errors.
 * @param output - The folder for the archives. Its previous contents are removed.
 * @returns The paths of the archives.
 */
export function createArchives(plugin: string, root: string, output: string): string[] {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  return PLATFORMS.map((platform) => {
    const path = join(output, archiveName(platform));
    writeFileSync(path, packTarGz(filesFor(platform, plugin, root)));
    return path;
  });
}

function filesFor(platform: Platform, plugin: string, root: string): TarFile[] {
  const file = (name: string, folder = plugin, isExecutable = false): TarFile => {
    return { name, content: readFileSync(join(folder, name)), isExecutable };
  };
  const windows = platform.startsWith("windows") ? [file(`${PLUGIN}.cmd`)] : [];
  const packageJson = { name: "package.json", content: Buffer.from(PACKAGE_JSON), isExecutable: false };
  return [
    file(PLUGIN, plugin, true),
    ...windows,
    packageJson,
    file("LICENSE", root),
    file(LICENSES),
    file(ERRORS, root),
  ];
}

// Node.js takes the plugin's module type from the nearest package.json.
const PACKAGE_JSON = `${JSON.stringify(
  {
    name: PLUGIN,
    version: VERSION,
    private: true,
    description: "Plugin of the Pulumi package cloudflare-ipsec-psk",
    license: "Apache-2.0",
    type: "commonjs",
    engines: { node: ">=20.18.1" },
  },
  null,
  2,
)}\n`;
