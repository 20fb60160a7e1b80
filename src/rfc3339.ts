// A blank for the T, and lower case, as https://www.rfc-editor.org/rfc/rfc3339#section-5.6 allows.
const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,30})?([Zz]|[+-]\d\d:\d\d)$/;

/** Returns milliseconds since the epoch with fractions, or NaN. `Date.parse` alone drops what is below a millisecond. */
export function instantMs(timestamp: string | undefined): number {
  const [, date, time, fraction = "", zone = ""] = RFC3339.exec(timestamp ?? "") ?? [];
  if (date === undefined || time === undefined) return Number.NaN;
  return Date.parse(`${date}T${time}${zone.toUpperCase()}`) + Number(`0${fraction}`) * 1_000;
}

/** Returns the whole second in which a timestamp lies, in milliseconds since the epoch, or NaN: no rounding of its fraction gets into it. */
export function secondMs(timestamp: string | undefined): number {
  return instantMs(timestamp?.replace(/\.\d+/, ""));
}

/** Tells whether a text is a timestamp that every comparison can read. */
export function isTimestamp(text: string): boolean {
  return !Number.isNaN(instantMs(text));
}
