/** The summary of several values of one measure. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Summarizes values in any order.
 *
 * @throws {RangeError} if there are no values.
 */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new RangeError("Cannot summarize values: there are none");
  return { count: sorted.length, median: middleOf(sorted), min, max };
}

/**
 * Compares two subjects: the ratio of their medians, and the smallest and largest ratio of a single round. Rounds can be
 * compared because they are interleaved.
 */
export function compare(values: readonly number[], others: readonly number[]): Summary {
  const rounds = values.slice(0, others.length).map((value, round) => value / (others[round] ?? Number.NaN));
  return { ...summarize(rounds), median: summarize(values).median / summarize(others).median };
}

function middleOf(sorted: readonly number[]): number {
  const upper = Math.floor(sorted.length / 2);
  const lower = Math.ceil(sorted.length / 2) - 1;
  return ((sorted[lower] ?? Number.NaN) + (sorted[upper] ?? Number.NaN)) / 2;
}
