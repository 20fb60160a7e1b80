/** What several values of one measure come to. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws {RangeError} if there is nothing to summarize. */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new RangeError("Cannot summarize as there are no values");
  return { count: sorted.length, median: middleOf(sorted), least, most };
}

/**
 * How many times as much one has as another: the ratio of the medians, and the least and most that any round showed, for
 * the rounds were interleaved.
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
