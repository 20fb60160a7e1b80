import type { Results } from "./results";
import { cellsTable, exclusionsTable, valuesTable } from "./tables";

/** A table that comes from a run: its page, the name in the comments around it, and what stands between them. */
export interface PageTable {
  readonly page: string;
  readonly name: string;
  readonly make: (results: Results) => string;
}

export const TABLES: readonly PageTable[] = [
  { page: "README.md", name: "tried", make: valuesTable },
  { page: "docs/where-it-runs.md", name: "cells", make: cellsTable },
  { page: "docs/where-it-runs.md", name: "exclusions", make: exclusionsTable },
];

/** A page's text before, in and after the place of a table. */
export function splitAt(name: string, text: string): [before: string, table: string, after: string] {
  const [begin, end] = [`<!-- test:matrix: ${name} -->`, `<!-- end: ${name} -->`];
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  if (from < begin.length || to < from) throw new Error(`There is no place for the table "${name}"`);
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
}
