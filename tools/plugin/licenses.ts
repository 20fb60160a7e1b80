import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

/** A package whose code is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Its license as package.json names it: "Apache-2.0". */
  readonly license: string;
  /** The whole texts of its license files. */
  readonly texts: readonly string[];
}

/**
 * Lists the packages whose code is in a bundle, by name.
 *
 * @param root - The folder that the bundle's paths start from.
 * @throws {Error} if one has no license text.
 */
export function bundledPackages({ outputs }: Metafile, root: string): BundledPackage[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  return [...folders].sort().map((folder) => readPackage(join(root, folder)));
}

function readPackage(folder: string): BundledPackage {
  const text = readFileSync(join(folder, "package.json"), "utf8");
  const { name, version, license } = JSON.parse(text) as { name: string; version: string; license: string };
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0) throw new Error(`Cannot bundle ${name} ${version}: it has no license text`);
  const texts = files.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
  return { name, version, license, texts };
}

/** Returns the licenses as one text, each under the name of its package. */
export function licensesText(packages: readonly BundledPackage[]): string {
  const sections = packages.map(({ name, version, license, texts }) =>
    [`${name} ${version} (${license})`, ...texts].join("\n\n"),
  );
  const intro = "The plugin contains code of these packages, under these licenses.";
  return `${[intro, ...sections].join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}
