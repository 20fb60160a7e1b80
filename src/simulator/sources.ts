/** What the simulator takes from outside: the time, and random bytes. Tests replace both. */
export interface Sources {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Returns `size` random bytes. */
  readonly random: (size: number) => Buffer;
}

/** The last millisecond that RFC 3339 can express. */
const LAST_MS = Date.UTC(9_999, 11, 31, 23, 59, 59, 999);

/** Returns the mistake in what a clock returns, if any. */
export function mistakeInTime(ms: unknown): string | undefined {
  const isTime = typeof ms === "number" && ms >= 0 && ms <= LAST_MS;
  return isTime ? undefined : `now must return milliseconds since the epoch, 0 to ${LAST_MS}`;
}

/**
 * Returns sources that check each value: a wrong one would end a request budget never, or give a key fewer bytes.
 *
 * @throws {RangeError} If a value is not a time, or not enough bytes.
 */
export function checkedSources({ now, random }: Sources): Sources {
  return {
    now: () => {
      const ms = now();
      const mistake = mistakeInTime(ms);
      if (mistake !== undefined) throw new RangeError(`Cannot read the simulator's clock: ${mistake}.`);
      return ms;
    },
    random: (size) => {
      const bytes: unknown = random(size);
      if (!Buffer.isBuffer(bytes) || bytes.length < size)
        throw new RangeError(`Cannot read random bytes: random must return a Buffer of ${size} bytes.`);
      return bytes.subarray(0, size);
    },
  };
}
