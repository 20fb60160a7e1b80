import type { Sample } from "../results";

/** Takes what the measures find. */
export interface Recorder {
  readonly record: (sample: Sample) => void;
  readonly samples: readonly Sample[];
}

export function createRecorder(say: (line: string) => void): Recorder {
  const samples: Sample[] = [];
  return {
    samples,
    record(sample) {
      samples.push(sample);
      const { measure, who, keys, value } = sample;
      say(`${measure}${keys === undefined ? "" : `, ${keys} keys`}: ${who} ${Number(value.toPrecision(4))}`);
    },
  };
}

/**
 * Everybody's turn in every round, ABC, BCA, CAB: what the machine does meanwhile, and who comes first, strikes all alike.
 */
export function turns<T>(everybody: readonly T[], rounds: number): T[] {
  return Array.from({ length: rounds }, (_, round) => {
    const first = round % everybody.length;
    return [...everybody.slice(first), ...everybody.slice(0, first)];
  }).flat();
}
