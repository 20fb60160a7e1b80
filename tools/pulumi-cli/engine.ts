import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseVersion } from "./versions";
import type { Version } from "./versions";

/** A version of a Go module that a `go.mod` pins. */
export interface Pin {
  /** Without the leading "v". */
  readonly version: string;
  /** The oldest Go version that builds what is in this `go.mod`. */
  readonly oldestGo: Version;
}

/** The engine that this project pins. Its version is only in `engine/go.mod`. */
export interface Engine extends Pin {
  /** The directory of go.mod and go.sum. */
  readonly directory: string;
}

/** Everything that is built from Pulumi's sources, in one Go module: what one program needs is compiled for all. */
export const GO_MODULE = join(__dirname, "engine");

export function readEngine(): Engine {
  return { ...readPinned("github.com/pulumi/pulumi/pkg/v3"), directory: GO_MODULE };
}

/** Reads the version of a module from this project's `go.mod`. */
export function readPinned(module: string): Pin {
  return readPin(readFileSync(join(GO_MODULE, "go.mod"), "utf8"), module);
}

/** Reads from a `go.mod` the version of a module that it pins, and the Go version that it requires. */
export function readPin(goMod: string, module: string): Pin {
  const oldestGo = parseVersion(/^go .+$/m.exec(goMod)?.[0] ?? "");
  const version = new RegExp(`\\b${module.replaceAll(".", "\\.")} v(\\S+)`).exec(goMod)?.[1];
  if (version === undefined || oldestGo === undefined) {
    throw new Error(`Cannot read a pinned version: go.mod lacks its "go" line or ${module}`);
  }
  return { version, oldestGo };
}
