import type { Sample } from "../results";

/** Collects the samples of all measures. */
export interface Recorder {
  readonly record: (sample: Sample) => void;
  readonly samples: readonly Sample[];
}

export function createRecorder(log: (line: string) => void): Recorder {
  const samples: Sample[] = [];
  return {
    samples,
    record(sample) {
      samples.push(sample);
      const { measure, who, keys, value } = sample;
      log(`${measure}${keys === undefined ? "" : `, ${keys} keys`}: ${who} ${Number(value.toPrecision(4))}`);
    },
  };
}

/**
 * Interleaves rounds and rotates their order (ABC, BCA, CAB), so that other load on the machine and the position in a round
 * affect all subjects alike.
 */
export function turns<T>(subjects: readonly T[], rounds: number): T[] {
  return Array.from({ length: rounds }, (_, round) => {
    const first = round % subjects.length;
    return [...subjects.slice(first), ...subjects.slice(0, first)];
  }).flat();
}
