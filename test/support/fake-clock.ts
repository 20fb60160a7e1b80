/** A clock that stands still until a test moves it. */
export interface FakeClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves once the clock has moved on by `ms`. */
  readonly sleep: (ms: number) => Promise<void>;
  /** How many calls of `sleep` have yet to resolve. */
  readonly sleepers: () => number;
  /**
   * Moves on by `ms`. Sleepers wake at their own times, in that order, then in the order in which they fell asleep; what
   * each of them sets off is done before the next one wakes.
   */
  advance(ms: number): Promise<void>;
  /** Moves on from sleeper to sleeper until `outcome` is settled, and returns it. Fails if no sleeper is left. */
  runUntil<T>(outcome: Promise<T>): Promise<T>;
}

/** Starts at noon of 2026-03-01, UTC, by default. */
export function createFakeClock(startsAt = Date.parse("2026-03-01T12:00:00Z")): FakeClock {
  let now = startsAt;
  let sleepers: { readonly wakesAt: number; readonly wake: () => void }[] = [];

  async function wakeNext(until = Infinity): Promise<boolean> {
    const wakesAt = Math.min(...sleepers.map((sleeper) => sleeper.wakesAt));
    const next = sleepers.find((sleeper) => sleeper.wakesAt === wakesAt);
    if (next === undefined || wakesAt > until) return false;
    sleepers = sleepers.filter((sleeper) => sleeper !== next);
    now = wakesAt;
    next.wake();
    await settle();
    return true;
  }

  return {
    now: () => now,
    sleep: (ms) => new Promise((wake) => sleepers.push({ wakesAt: now + Math.max(0, ms), wake })),
    sleepers: () => sleepers.length,

    async advance(ms) {
      const until = now + ms;
      await settle();
      while (await wakeNext(until));
      now = until;
    },

    async runUntil(outcome) {
      const open = Promise.resolve("open" as const);
      await settle();
      while ((await Promise.race([outcome, open])) === "open") {
        if (!(await wakeNext())) throw new Error("Cannot continue: no sleeper is left, but the outcome is still open");
      }
      return outcome;
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
