import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Axis, Cell } from "./cells";

/** The versions that a cell really had; `none` where there was nothing. */
export type Versions = Readonly<Record<Axis, string>>;

/** What `results.json` holds: a run in which every cell worked; the tables are made of nothing else. */
export interface Results {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly cli: string;
  readonly cells: readonly { readonly cell: Cell; readonly versions: Versions }[];
  /** Each was tried, and refused. */
  readonly excluded: readonly Partial<Cell>[];
}

export const RESULTS = join(__dirname, "results.json");

export async function readResults(): Promise<Results> {
  return JSON.parse(await readFile(RESULTS, "utf8")) as Results;
}
