import { createCoverageMap, type CoverageMapData } from "istanbul-lib-coverage";

/** Percent, of each kind. */
export interface Coverage {
  readonly statements: number;
  readonly branches: number;
  readonly functions: number;
  readonly lines: number;
}

const KINDS = ["statements", "branches", "functions", "lines"] as const;

/** Adds up the coverage that several runs have written: what one of them has run counts. */
export function sumOf(runs: readonly CoverageMapData[]): Coverage {
  const sum = createCoverageMap();
  for (const run of runs) sum.merge(run);
  const summary = sum.getCoverageSummary();
  return Object.fromEntries(KINDS.map((kind) => [kind, summary[kind].pct])) as unknown as Coverage;
}

/** Lists what is below a threshold. */
export function shortfalls(coverage: Coverage, threshold: Coverage): string[] {
  return KINDS.filter((kind) => coverage[kind] < threshold[kind]).map(
    (kind) => `${kind} are covered to ${coverage[kind]}%, and must be to ${threshold[kind]}%`,
  );
}
