import { join } from "node:path";

/** A clock that runs ahead of this machine's, or behind it: for a run on another day. */
export interface OffsetClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  set(offsetMs: number): void;
  /** What gives a process of Node's this clock. */
  env(): Readonly<Record<string, string>>;
}

export function createOffsetClock(): OffsetClock {
  let offsetMs = 0;
  let isSet = false;
  return {
    now: () => Date.now() + offsetMs,
    set(ms) {
      offsetMs = ms;
      isSet = true;
    },
    env: () =>
      isSet
        ? { NODE_OPTIONS: `--require ${join(__dirname, "clock-offset.cjs")}`, CLOCK_OFFSET_MS: String(offsetMs) }
        : {},
  };
}
