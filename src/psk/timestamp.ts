import { instantMs, isTimestamp, secondMs } from "../rfc3339";

/**
 * Milliseconds by which two readings of one timestamp may differ. Cloudflare returns a generation's time with nanoseconds, and
 * shows it rounded to microseconds afterwards; two generations of one tunnel are at least a round trip apart.
 */
export const TOLERANCE_MS = 1;

const DAY_MS = 86_400_000;

/** How a timestamp that was read relates to the one that belongs to our key. */
export type Relation = "same" | "newer" | "older" | "unknown";

/**
 * Compares instants, never texts: the same instant comes in two precisions.
 *
 * @param read - RFC 3339, or `undefined` if the read shows none.
 * @param ours - RFC 3339, or `undefined` if the response with the key had none.
 */
export function relate(read: string | undefined, ours: string | undefined): Relation {
  const difference = instantMs(read) - instantMs(ours);
  if (Number.isNaN(difference)) return "unknown";
  if (Math.abs(difference) <= TOLERANCE_MS) return "same";
  return difference > 0 ? "newer" : "older";
}

/** Tells whether a timestamp has no fraction of a second, as `@pulumi/cloudflare` and OpenTofu cut off what Cloudflare shows. */
export function isWholeSecond(timestamp: string): boolean {
  return isTimestamp(timestamp) && !timestamp.includes(".");
}

/** Tells whether a timestamp that a program gives names the one that Cloudflare shows: a whole second names all that lie in it. */
export function standsFor(given: string, shown: string | undefined): boolean {
  if (relate(shown, given) === "same") return true;
  return isWholeSecond(given) && isSameSecond(given, shown);
}

/** Tells whether two timestamps lie in the same second. */
export function isSameSecond(one: string | undefined, other: string | undefined): boolean {
  return secondMs(one) === secondMs(other);
}

/** Tells whether a timestamp is newer than another one, or the first. */
export function isNewer(timestamp: string, other: string | undefined): boolean {
  return other === undefined || relate(timestamp, other) === "newer";
}

/** Returns the newest of timestamps that may be missing. */
export function latest(...timestamps: readonly (string | undefined)[]): string | undefined {
  return timestamps.reduce((newest, one) => (one !== undefined && isNewer(one, newest) ? one : newest), undefined);
}

/** When a key was generated. */
export interface KeyDates {
  /** RFC 3339, UTC, by Cloudflare's clock. */
  readonly lastGeneratedOn?: string;
  /** RFC 3339, UTC, by this machine's clock, if that was more than an hour wrong or Cloudflare shows no timestamp of the key. */
  readonly localGeneratedOn?: string;
}

/**
 * Returns a key's age in whole UTC days: today's UTC date minus the UTC date of its generation. A key generated one
 * minute before midnight is a day old two minutes later.
 *
 * If this machine's clock was wrong at the generation, it may still be, or was corrected since: of the ages by the two
 * clocks, the smaller one counts that is not negative, so that a key is never due because a clock is wrong or was corrected.
 *
 * @returns `undefined` if the timestamp is unknown.
 */
export function ageInDays({ lastGeneratedOn, localGeneratedOn }: KeyDates, nowMs: number): number | undefined {
  const dates = [lastGeneratedOn, localGeneratedOn].map(instantMs).filter((ms) => !Number.isNaN(ms));
  if (dates.length === 0) return undefined;
  const past = dates.filter((ms) => ms <= nowMs);
  return dayOf(nowMs) - dayOf(Math.max(...(past.length > 0 ? past : dates)));
}

/**
 * Returns the UTC date, `YYYY-MM-DD`, from which on a key is due for rotation.
 *
 * @param earlierByDays - What `spreadDays()` of its tunnel returns.
 */
export function nextRotationOn(
  lastGeneratedOn: string | undefined,
  rotateAfterDays: number | undefined,
  earlierByDays = 0,
): string | undefined {
  const generatedMs = instantMs(lastGeneratedOn);
  if (Number.isNaN(generatedMs) || rotateAfterDays === undefined) return undefined;
  const due = new Date((dayOf(generatedMs) + rotateAfterDays - earlierByDays) * DAY_MS);
  return Number.isNaN(due.getTime()) ? undefined : due.toISOString().slice(0, 10);
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}
