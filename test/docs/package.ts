import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/build";

/** What these tests read of package.json. */
export const PACKAGE = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
};
