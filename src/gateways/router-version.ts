const VERSION = /^\d{1,4}(\.\d{1,4}){1,3}([A-Za-z-][\w.-]{0,15})?$/;

/** Tells whether a value is a router's version: two to four numbers, and what the vendor writes behind them (`23.4R2`). */
export function isVersion(value: unknown): value is string {
  return typeof value === "string" && VERSION.test(value);
}

/** Tells whether a version is known to be older than another one. Only its numbers count: `17.08.01a` is 17.8.1. */
export function isOlder(version: unknown, than: string): boolean {
  if (!isVersion(version)) return false;
  const [own, other] = [numbersOf(version), numbersOf(than)];
  const differing = [0, 1, 2, 3].find((at) => (own[at] ?? 0) !== (other[at] ?? 0));
  return differing !== undefined && (own[differing] ?? 0) < (other[differing] ?? 0);
}

function numbersOf(version: string): number[] {
  const [numbers = ""] = /^[\d.]+/.exec(version) ?? [];
  return numbers.split(".").map(Number);
}
