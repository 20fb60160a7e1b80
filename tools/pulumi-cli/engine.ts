import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseVersion } from "./versions";
import type { Version } from "./versions";

/** The engine that this project pins. Its version is only in `engine/go.mod`. */
export interface Engine {
  /** Without the leading "v". */
  readonly version: string;
  /** The oldest Go version that builds it. */
  readonly oldestGo: Version;
  /** The directory of go.mod and go.sum. */
  readonly directory: string;
}

export function readEngine(): Engine {
  const directory = join(__dirname, "engine");
  return { ...parseGoMod(readFileSync(join(directory, "go.mod"), "utf8")), directory };
}

export function parseGoMod(text: string): Pick<Engine, "version" | "oldestGo"> {
  const version = /^\s*github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m.exec(text)?.[1];
  const oldestGo = parseVersion(/^go .+$/m.exec(text)?.[0] ?? "");
  if (version === undefined || oldestGo === undefined) {
    throw new Error('Cannot read the pinned engine: go.mod lacks its "go" line or github.com/pulumi/pulumi/pkg/v3');
  }
  return { version, oldestGo };
}
