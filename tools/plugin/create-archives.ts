import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { VERSION } from "../../src/version";
import { ensureNodeBuild } from "./node-builds";
import type { Platform } from "./platforms";
import { buildSelfContained } from "./self-contained";
import { packTarGz, type TarFile } from "./tar";
import { LICENSES, PLUGIN } from "./write-plugin";

/** The page that every error names. */
export const ERRORS = "docs/errors.md";

/** The license of Node.js, and of all that is in it. */
export const NODE_LICENSE = "NODE-LICENSE.txt";

/** An archive of the plugin. */
export interface Archive {
  readonly path: string;
  /** The file that the engine starts. */
  readonly executable: string;
  /** The only platform that runs it. Without one, all do that have Node.js. */
  readonly platform?: Platform;
}

/** The folders that archives are made from, and for. */
export interface Folders {
  /** The built plugin. */
  readonly plugin: string;
  /** The repository, for the license of the plugin itself and the page of its errors. */
  readonly root: string;
  readonly output: string;
}

/** Packs the plugin as it is built: one script for every platform, which needs Node.js. */
export function createScriptArchive({ plugin, root, output }: Folders): Archive {
  const path = join(output, `${PLUGIN}-v${VERSION}-needs-node.tar.gz`);
  const files = [
    file(PLUGIN, readFileSync(join(plugin, PLUGIN)), true),
    file(`${PLUGIN}.cmd`, readFileSync(join(plugin, `${PLUGIN}.cmd`))),
    file("package.json", Buffer.from(PACKAGE_JSON)),
    ...textsIn(plugin, root),
  ];
  writeFileSync(path, packTarGz(files));
  return { path, executable: PLUGIN };
}

/** Packs the plugin as one executable for a platform, by the name that Pulumi looks for when it downloads a plugin. */
export async function createSelfContainedArchive(
  platform: Platform,
  { plugin, root, output }: Folders,
): Promise<Archive> {
  const path = join(output, `${PLUGIN}-v${VERSION}-${platform}.tar.gz`);
  const executable = platform.startsWith("windows") ? `${PLUGIN}.exe` : PLUGIN;
  // The packages for Windows have no license, and that of another platform is the same.
  const license = readFileSync(join(await ensureNodeBuild("linux-amd64"), "LICENSE"));
  const files = [
    file(executable, await buildSelfContained(platform, join(plugin, PLUGIN), PLUGIN), true),
    file(NODE_LICENSE, license),
    ...textsIn(plugin, root),
  ];
  writeFileSync(path, packTarGz(files));
  return { path, executable, platform };
}

/** Returns the checksums of archives, as `sha256sum --check` reads them. */
export function checksumsOf(archives: readonly Archive[]): string {
  const sumOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
  return archives.map(({ path }) => `${sumOf(path)}  ${basename(path)}\n`).join("");
}

function textsIn(plugin: string, root: string): TarFile[] {
  return [
    file("LICENSE", readFileSync(join(root, "LICENSE"))),
    file(LICENSES, readFileSync(join(plugin, LICENSES))),
    file(ERRORS, readFileSync(join(root, ERRORS))),
  ];
}

function file(name: string, content: Uint8Array, isExecutable = false): TarFile {
  return { name, content, isExecutable };
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
