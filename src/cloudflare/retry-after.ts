/**
 * Reads a `Retry-After` header: seconds, or an HTTP date.
 *
 * @param header - The header's value, if the answer had one.
 * @param now - Milliseconds since the epoch, for dates.
 * @returns Milliseconds to wait, 0 for a date that has passed; `undefined` where nothing can be read.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const value = header?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // An HTTP date starts with the day of the week; Date.parse alone would also take "-5" or "wait 120".
  const date = /^[a-z]{3,9}[, ]/i.test(value) && value.includes(":") ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
