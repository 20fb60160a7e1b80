import type { Peer } from "./peers";

/** One value of one round. The unit is part of the measure's name. */
export interface Sample {
  readonly measure: string;
  /** "floor" is the no-op; under the request limit, it is the shortest time that the limit allows. */
  readonly who: Peer;
  readonly value: number;
}

/** Takes a value as soon as it is measured. */
export type Recorder = (measure: string, who: Peer, value: number) => void;

/** What a run measured, and what the times depend on apart from the code. */
export interface Results {
  readonly about: {
    readonly command: string;
    /** `YYYY-MM-DD`. */
    readonly date: string;
    readonly keys: number;
    readonly rounds: number;
    readonly machine: string;
    readonly versions: Readonly<Record<string, string>>;
  };
  readonly samples: readonly Sample[];
}

/** Returns the median of what a measure found for a peer; `undefined` if it measured nothing. */
export function medianOf(samples: readonly Sample[], measure: string, who: Peer): number | undefined {
  const values = samples.filter((sample) => sample.measure === measure && sample.who === who).map(({ value }) => value);
  const sorted = values.toSorted((a, b) => a - b);
  const [lower, upper] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2;
}

/** Interleaves rounds and rotates their order (ABC, BCA, CAB), so that other load on the machine affects all subjects alike. */
export function turns<T>(subjects: readonly T[], rounds: number): T[] {
  return Array.from({ length: rounds }, (_, round) => {
    const first = round % subjects.length;
    return [...subjects.slice(first), ...subjects.slice(0, first)];
  }).flat();
}
