import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tables } from "./fortios";
import type { PanosClass } from "./panos";

/** What vendors publish of their grammars in a package registry. */
export interface Grammars {
  readonly fortios: Tables;
  readonly panos: Readonly<Record<string, PanosClass>>;
}

const REQUIREMENTS = join(__dirname, "requirements.txt");

/** Returns the pinned packages: "ansible 12.3.0". */
export function pinnedPackages(): string[] {
  const pins = readFileSync(REQUIREMENTS, "utf8").matchAll(/^(\S+)==(\S+)/gm);
  return [...pins].map(([, name = "", version = ""]) => `${name} ${version}`);
}

/**
 * Downloads the pinned packages into a folder, and reads them there.
 *
 * @param tables - The tables of FortiOS to read.
 */
export function readGrammars(folder: string, tables: readonly string[]): Grammars {
  const wheels = ["--no-deps", "--only-binary", ":all:", "--python-version", "3.12"];
  const pinned = ["--require-hashes", "--requirement", REQUIREMENTS];
  python("-m", "pip", "--quiet", "--disable-pip-version-check", "download", ...wheels, ...pinned, "--dest", folder);
  return JSON.parse(python(join(__dirname, "read_grammars.py"), folder, ...tables)) as Grammars;
}

function python(...args: string[]): string {
  try {
    // Python would write a cache beside the script.
    return execFileSync("python3", ["-B", ...args], {
      encoding: "utf8",
      maxBuffer: 64 * 1_024 * 1_024,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
    throw new Error(`Cannot read the vendors' grammars: ${stderr?.trim() ?? message}`, { cause: error });
  }
}
