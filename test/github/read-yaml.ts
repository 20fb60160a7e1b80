import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../support/build";

/** Reads a file below .github/. @throws {Error} If it is not YAML, or has a key twice. */
export function readYaml(path: string): unknown {
  return parse(readFileSync(join(ROOT, ".github", path), "utf8"), { uniqueKeys: true });
}
