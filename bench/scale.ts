/** The sizes and the number of rounds of a run. */
export interface Scale {
  /** Resources in a stack. A full run has 500. */
  readonly keys: number;
  readonly rounds: number;
  readonly growth: readonly { readonly keys: number; readonly rounds: number }[];
  /** Fresh processes for measures that take milliseconds. */
  readonly starts: number;
  readonly client: { readonly rounds: number; readonly seconds: number };
  readonly memory: { readonly keys: number; readonly rounds: number };
  readonly look: { readonly keys: number; readonly rounds: number };
  /** For the native provider, which has sizes of its own. */
  readonly native: { readonly keys: number; readonly rounds: number };
}

/** At most 45 minutes. Sizes above 500 take minutes each, so they have fewer rounds; the report says how many. */
const full: Scale = {
  keys: 500,
  rounds: 5,
  growth: [
    { keys: 10, rounds: 5 },
    { keys: 100, rounds: 5 },
    { keys: 1_000, rounds: 1 },
    { keys: 2_000, rounds: 1 },
  ],
  starts: 11,
  client: { rounds: 5, seconds: 2 },
  memory: { keys: 2_000, rounds: 5 },
  look: { keys: 300, rounds: 7 },
  native: { keys: 300, rounds: 5 },
};

/** At most 5 minutes: shows that the benchmark works, and rough numbers. */
const quick: Scale = {
  keys: 50,
  rounds: 1,
  growth: [{ keys: 10, rounds: 1 }],
  starts: 5,
  client: { rounds: 3, seconds: 1 },
  memory: { keys: 500, rounds: 1 },
  look: { keys: 50, rounds: 1 },
  native: { keys: 30, rounds: 1 },
};

/** For the tests: every measure once, at the smallest size. */
const smoke: Scale = {
  keys: 10,
  rounds: 1,
  growth: [],
  starts: 1,
  client: { rounds: 1, seconds: 0.2 },
  memory: { keys: 20, rounds: 1 },
  look: { keys: 10, rounds: 1 },
  native: { keys: 7, rounds: 1 },
};

export const SCALES = { full, quick, smoke };

export type ScaleName = keyof typeof SCALES;
