import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Axis, Cell } from "./cells";
import type { EngineCell, ProviderKind } from "./engines";

/** The versions that a cell really had, or `none`. */
export type Versions = Readonly<Record<Axis, string>>;

/** The versions that a project on one engine really had. */
export interface EngineVersions {
  readonly engine: string;
  readonly kind: ProviderKind;
  readonly node: string;
}

/** The contents of `results.json`, and the only source of the tables: a run in which every cell passed. */
export interface Results {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly cli: string;
  readonly cells: readonly { readonly cell: Cell; readonly versions: Versions }[];
  readonly engines: readonly { readonly cell: EngineCell; readonly versions: EngineVersions }[];
  /** Combinations that the package manager refused. */
  readonly excluded: readonly Partial<Cell>[];
}

export const RESULTS = join(__dirname, "results.json");

export async function readResults(): Promise<Results> {
  return JSON.parse(await readFile(RESULTS, "utf8")) as Results;
}
