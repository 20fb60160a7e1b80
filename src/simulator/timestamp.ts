/** An instant is a count of nanoseconds since the epoch: a `Date` has no room for what psk_generate answers with. */
export type Instant = bigint;

const MICROSECOND = 1_000n;
const MILLISECOND = 1_000_000n;

/** The precision that psk_generate answers with. */
export function inNanoseconds(instant: Instant): string {
  return format(instant, 9);
}

/** The precision that reads answer with: rounded, not cut off, so it can carry into the seconds. */
export function inMicroseconds(instant: Instant): string {
  return format((instant + MICROSECOND / 2n) / MICROSECOND, 6);
}

const UTC = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** Whether a text is an instant as Cloudflare writes one: RFC 3339 in UTC. */
export function isInstant(text: string): boolean {
  const [, second] = UTC.exec(text) ?? [];
  const ms = Date.parse(`${second ?? "?"}Z`);
  // `Date.parse` takes February 30 for March 2.
  return second !== undefined && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(second);
}

export function parseInstant(text: string): Instant {
  if (!isInstant(text)) throw new RangeError(`Cannot read the timestamp "${text}": it must be RFC 3339 in UTC.`);
  const [, second = "", fraction = ""] = UTC.exec(text) ?? [];
  return BigInt(Date.parse(`${second}Z`)) * MILLISECOND + BigInt(fraction.padEnd(9, "0"));
}

/**
 * Returns a clock whose instants strictly grow, even once rounded to microseconds.
 *
 * Two instants of one tunnel are 2 ms apart or more: no real edge generates twice within a millisecond, which is
 * the tolerance that nanoseconds here and rounded microseconds there force on a client.
 */
export function createClock(now: () => number, random: (size: number) => Buffer): (previous?: Instant) => Instant {
  let last = 0n;
  return (previous = 0n) => {
    const fraction = BigInt(random(4).readUInt32BE() % 1_000_000);
    const present = BigInt(Math.floor(now())) * MILLISECOND + fraction;
    last = latest(present, last + MICROSECOND, previous + 2n * MILLISECOND);
    return last;
  };
}

function latest(...instants: readonly Instant[]): Instant {
  return instants.reduce((a, b) => (a > b ? a : b));
}

function format(count: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const seconds = new Date(Number(count / perSecond) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${String(count % perSecond).padStart(digits, "0")}Z`;
}
