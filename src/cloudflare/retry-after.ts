/**
 * The longest wait that a server may ask for, in milliseconds: 330 s. Cloudflare blocks for at most 300 s, and resets its limit every
 * 300 s; the other 30 s allow for seconds that were rounded up, and for a date by a clock that differs from ours. A request that
 * would have to wait longer fails instead, with the time that was asked for.
 *
 * @see https://developers.cloudflare.com/fundamentals/api/reference/limits/
 */
export const LONGEST_WAIT_MS = 330_000;

// 31 years: a longer wait would say no more, and a date that is too far ahead cannot be written.
const MOST_SECONDS = 1e9;

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date.
 *
 * @param headers - The header's value, if the response had one; of several, the longest wait counts.
 * @param now - Milliseconds since the epoch, for dates.
 * @returns Milliseconds to wait, 0 for a date that has passed; `undefined` if no header can be read.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfterMs(headers: string | readonly string[] | undefined, now: number): number | undefined {
  const waits = [headers ?? []].flat().map((header) => waitIn(header.trim(), now));
  const known = waits.filter((wait) => wait !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** Describes a wait: `86400 s (until 2026-03-02T12:00:00Z)`. */
export function waitText(ms: number, now: number): string {
  const until = new Date(now + ms).toISOString().replace(/\.\d+/, "");
  return `${Math.ceil(ms / 1_000)} s (until ${until})`;
}

function waitIn(header: string, now: number): number | undefined {
  // Fractions are not in the RFC, but some servers send them.
  if (/^\d+(\.\d+)?$/.test(header)) return Math.ceil(Math.min(Number(header), MOST_SECONDS) * 1_000);
  const date = instantOf(header, now);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

// The three forms of https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats. All are GMT, even if one does not say so.
const HTTP_DATES = [
  /^[a-z]{3}, (?<day>\d\d) (?<month>[a-z]{3}) (?<year>\d{4}) (?<time>[\d:]+) GMT$/i,
  /^[a-z]{6,9}, (?<day>\d\d)-(?<month>[a-z]{3})-(?<year>\d\d) (?<time>[\d:]+) GMT$/i,
  /^[a-z]{3} (?<month>[a-z]{3}) (?<day>[ \d]\d) (?<time>[\d:]+) (?<year>\d{4})$/i,
];

function instantOf(date: string, now: number): number {
  const groups = HTTP_DATES.map((form) => form.exec(date)?.groups).find((found) => found !== undefined);
  if (groups === undefined) return Number.NaN;
  const { day = "", month = "", year = "", time = "" } = groups;
  return Date.parse(`${day} ${month} ${year.length === 2 ? inFull(Number(year), now) : year} ${time} GMT`);
}

// A year of two digits is at most 50 years ahead.
function inFull(year: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const sameCentury = thisYear - (thisYear % 100) + year;
  return sameCentury > thisYear + 50 ? sameCentury - 100 : sameCentury;
}
