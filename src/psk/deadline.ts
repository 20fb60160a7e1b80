/** The time, as this package sees it; tests pass a clock of their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits; rejects if the process is asked to stop, which cancels the wait. */
  sleep(ms: number): Promise<void>;
}

/** The time that one operation may take, without the waits that Cloudflare asked for. */
export interface Deadline {
  /** Milliseconds that are left, 0 when it is over. */
  readonly leftMs: () => number;
  /** Moves the deadline by a wait that Cloudflare asked for. */
  readonly extend: (ms: number) => void;
  /** Sleeps if there is time for it; returns whether there was. For a cancelled wait there was not. */
  readonly sleep: (ms: number) => Promise<boolean>;
}

export function startDeadline(clock: Clock, timeoutMs: number): Deadline {
  let endsAt = clock.now() + timeoutMs;
  const leftMs = () => Math.max(0, endsAt - clock.now());
  return {
    leftMs,
    extend(ms) {
      endsAt += ms;
    },
    async sleep(ms) {
      if (leftMs() <= ms) return false;
      return clock.sleep(ms).then(
        () => true,
        () => false,
      );
    },
  };
}
