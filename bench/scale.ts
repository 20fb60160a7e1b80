/** How much is measured, and how often. */
export interface Scale {
  /** Resources in a stack, where the goal says 500. */
  readonly keys: number;
  readonly rounds: number;
  readonly growth: readonly { readonly keys: number; readonly rounds: number }[];
  /** Fresh processes for what takes milliseconds. */
  readonly starts: number;
  readonly client: { readonly rounds: number; readonly seconds: number };
  readonly memory: { readonly keys: number; readonly rounds: number };
}

/** At most 30 minutes. Sizes beyond 500 take minutes each, so they are run less often; the report says how often. */
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
};

/** At most 3 minutes: whether it works, and roughly where things stand. */
const quick: Scale = {
  keys: 50,
  rounds: 1,
  growth: [{ keys: 10, rounds: 1 }],
  starts: 5,
  client: { rounds: 3, seconds: 1 },
  memory: { keys: 500, rounds: 1 },
};

/** For the tests: every measure once, as small as it gets. */
const smoke: Scale = {
  keys: 10,
  rounds: 1,
  growth: [],
  starts: 1,
  client: { rounds: 1, seconds: 0.2 },
  memory: { keys: 20, rounds: 1 },
};

export const SCALES = { full, quick, smoke };

export type ScaleName = keyof typeof SCALES;
