import type { Results } from "./results";
import { cellsTable, enginesTable, exclusionsTable, valuesTable } from "./tables";

/** A table generated from a run: its page, the name in the comments around its place, and how to generate it. */
export interface PageTable {
  readonly page: string;
  readonly name: string;
  readonly make: (results: Results) => string;
}

export const TABLES: readonly PageTable[] = [
  { page: "docs/where-it-runs.md", name: "tried", make: valuesTable },
  { page: "docs/where-it-runs.md", name: "engines", make: enginesTable },
  { page: "docs/where-it-runs.md", name: "cells", make: cellsTable },
  { page: "docs/where-it-runs.md", name: "exclusions", make: exclusionsTable },
];
