/**
 * Milliseconds by which two readings of one time stamp may differ. Cloudflare answers a generation with nanoseconds, and
 * shows them rounded to microseconds afterwards; two generations of one tunnel lie a round trip apart at the least.
 */
export const TOLERANCE_MS = 1;

/** How a time stamp that was read relates to the one that belongs to our key. */
export type Relation = "same" | "newer" | "older" | "unknown";

/**
 * Compares instants, never texts: the same instant comes in two precisions.
 *
 * @param read - RFC 3339, or `undefined` where a read shows none.
 * @param ours - RFC 3339, or `undefined` where the answer that brought the key had none.
 */
export function relate(read: string | undefined, ours: string | undefined): Relation {
  const difference = instantMs(read) - instantMs(ours);
  if (Number.isNaN(difference)) return "unknown";
  if (Math.abs(difference) <= TOLERANCE_MS) return "same";
  return difference > 0 ? "newer" : "older";
}

/** Milliseconds since the epoch with fractions, or NaN. `Date.parse` alone drops what is below a millisecond. */
export function instantMs(timestamp: string | undefined): number {
  const [, second, fraction = "", zone] = RFC3339.exec(timestamp ?? "") ?? [];
  return second === undefined ? Number.NaN : Date.parse(`${second}${zone ?? ""}`) + Number(`0${fraction}`) * 1_000;
}

const RFC3339 = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
