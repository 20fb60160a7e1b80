// Callers may be plain JavaScript, so no value has the type that it says. What is missing or has another type is a mistake
// that `tunnelRules` names, once: `isLonger` and `isAbove`, which are for a dialect's own rules, pass over it.

export function optional(value: unknown, holds: (value: unknown) => boolean): boolean {
  return value === undefined || holds(value);
}

export function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}

export function isWhole(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}

export function isLonger(value: unknown, most: number): boolean {
  return typeof value === "string" && value.length > most;
}

export function isAbove(value: unknown, most: number): boolean {
  return typeof value === "number" && value > most;
}
