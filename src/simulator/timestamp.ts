/** Nanoseconds since the epoch: psk_generate returns more digits than a `Date` holds. */
export type Instant = bigint;

const MICROSECOND = 1_000n;
const MILLISECOND = 1_000_000n;

/** Writes an instant with the precision of psk_generate. */
export function inNanoseconds(instant: Instant): string {
  return format(instant, 9);
}

/** Writes an instant with the precision of reads: rounded, not cut off, so it can carry into the seconds. */
export function inMicroseconds(instant: Instant): string {
  const raised = instant + MICROSECOND / 2n;
  return format((raised - remainder(raised, MICROSECOND)) / MICROSECOND, 6);
}

/** Returns an instant as a `Date` counts: whole milliseconds since the epoch. */
export function inMilliseconds(instant: Instant): number {
  return Number((instant - remainder(instant, MILLISECOND)) / MILLISECOND);
}

const UTC = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** Tells whether a text is an instant as Cloudflare writes it: RFC 3339 in UTC. */
export function isInstant(text: string): boolean {
  const [, second] = UTC.exec(text) ?? [];
  const ms = Date.parse(`${second ?? "?"}Z`);
  // `Date.parse` reads February 30 as March 2.
  return second !== undefined && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(second);
}

export function parseInstant(text: string): Instant {
  if (!isInstant(text)) throw new RangeError(`Cannot read the timestamp "${text}": it must be RFC 3339 in UTC.`);
  const [, second = "", fraction = ""] = UTC.exec(text) ?? [];
  return BigInt(Date.parse(`${second}Z`)) * MILLISECOND + BigInt(fraction.padEnd(9, "0"));
}

/**
 * Creates a clock whose instants strictly increase, even after rounding to microseconds.
 *
 * Two instants of one tunnel are at least 2 ms apart: no real edge generates twice within a millisecond, which is the
 * tolerance that a client needs between nanoseconds and rounded microseconds.
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
  const fraction = remainder(count, perSecond);
  const seconds = new Date(Number((count - fraction) / perSecond) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${String(fraction).padStart(digits, "0")}Z`;
}

/** What is left of a division that rounds down, even before 1970. */
function remainder(count: bigint, divisor: bigint): bigint {
  return ((count % divisor) + divisor) % divisor;
}
