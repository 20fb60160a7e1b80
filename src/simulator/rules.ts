import { z } from "zod";

/** A rule for each property of `T`; the compiler requires all. */
export type Rules<T> = Readonly<Record<keyof T, z.ZodType>>;

export const flag = z.boolean({ error: "must be true or false" });
export const callback = z.custom((value) => typeof value === "function", { error: "must be a function" });
export const object = z.looseObject({}, { error: "must be an object" });
export const filled = text(/./su, "must be a string that is not empty");
export const identifier = text(/^[0-9a-f]{32}$/i, "must be 32 hexadecimal characters");
// A timer for longer than this would fire after 1 ms.
export const milliseconds = whole(0, 2 ** 31 - 1);

export function text(pattern: RegExp, error: string): z.ZodType {
  return z.string({ error }).regex(pattern, { error });
}

export function whole(least: number, most?: number): z.ZodType {
  const error = `must be a whole number, ${least} ${most === undefined ? "or more" : `to ${most}`}`;
  return z
    .int({ error })
    .min(least, { error })
    .max(most ?? Number.MAX_SAFE_INTEGER, { error });
}

export function oneOf(values: readonly string[]): z.ZodType {
  return z.enum(values, { error: `must be one of ${values.map((value) => `"${value}"`).join(", ")}` });
}

export function listOf(entry: z.ZodType): z.ZodType {
  return z.array(entry, { error: "must be a list" });
}

export function filledListOf(entry: z.ZodType): z.ZodType {
  return z.array(entry, { error: "must be a list" }).min(1, { error: "must have one entry or more" });
}

/** Returns the rule for an object with these properties and no others. */
export function only<T>(rules: Rules<T>): z.ZodType {
  const unknown = `is unknown: the options are ${Object.keys(rules).join(", ")}`;
  return z.strictObject(rules, {
    error: ({ code }) => (code === "unrecognized_keys" ? unknown : "must be an object"),
  });
}

/**
 * Returns every mistake in a value: its path and the rule, never the value, which may be a credential or a key.
 *
 * @param root - The name of the value. Default: none, so that paths start with its properties.
 */
export function mistakesIn(rules: z.ZodType, value: unknown, root?: string): string[] {
  const issues = rules.safeParse(value).error?.issues ?? [];
  return issues.flatMap((issue) => {
    const path = root === undefined ? issue.path : [root, ...issue.path];
    const places = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
    return places.map((place) => `${z.core.toDotPath(place) || "the options"} ${issue.message}`);
  });
}

/** Throws one error for all mistakes, if there are any. */
export function refuse(action: string, mistakes: readonly string[]): void {
  if (mistakes.length > 0) throw refusal(action, mistakes);
}

/** Creates one error for all mistakes, with a line for each. */
export function refusal(action: string, mistakes: readonly string[]): RangeError {
  return new RangeError([`Cannot ${action}:`, ...new Set(mistakes.map((mistake) => `- ${mistake}`))].join("\n"));
}

/** Returns the properties of a value of any type. */
export function propertiesOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value) as Readonly<Record<string, unknown>>;
}
