import { validateHeaderName, validateHeaderValue } from "node:http";
import { z } from "zod";
import { CHANGES, type Fault, type FaultScope } from "./faults";
import { type Operation, LISTS, OPERATIONS, READS, SETS } from "./route";
import {
  filled,
  filledListOf,
  flag,
  identifier,
  milliseconds,
  mistakesIn,
  oneOf,
  only,
  propertiesOf,
  refuse,
  type Rules,
  whole,
} from "./rules";

/**
 * Checks a fault, and the scope of its requests.
 *
 * @throws {RangeError} With every mistake.
 */
export function checkFault(fault: Fault, scope: FaultScope): void {
  const { kind } = propertiesOf(fault);
  // On any other call, the fault would have no effect.
  const operations = operationsOf(kind) ?? OPERATIONS;
  refuse("add the fault", [...mistakesInFault(fault, kind), ...mistakesIn(scopeWithin(operations), scope, "where")]);
}

/** Returns the operations that a kind of fault can affect; `undefined` for all. */
export function operationsOf(kind: unknown): readonly Operation[] | undefined {
  // Only reads can lag behind.
  if (kind === "stale") return READS;
  if (kind === "lagging") return LISTS;
  return kind === "unapplied" ? SETS : undefined;
}

function mistakesInFault(fault: unknown, kind: unknown): string[] {
  const [, rules] = Object.entries(KINDS).find(([name]) => name === kind) ?? [];
  if (rules === undefined) return mistakesIn(z.looseObject({ kind: oneOf(Object.keys(KINDS)) }), { kind }, "fault");
  return mistakesIn(only({ kind: z.unknown(), ...rules }), fault, "fault");
}

const body = z.custom((value) => typeof value === "string" || isJson(value), {
  error: "must be a string, or an object that JSON can hold",
});

const headers = z.custom((value) => isMap(value) && Object.entries(value).every(isHeader), {
  error: "must be a map of lower-case HTTP header names to strings, without content-length and transfer-encoding",
});

const encodings = z.union([z.string(), z.array(z.string())], { error: "must be a string, or a list of strings" });

const wrap = z.custom((value) => typeof value === "function", { error: "must be a function" });

const KINDS: { readonly [Kind in Fault["kind"]]: Rules<Omit<Extract<Fault, { readonly kind: Kind }>, "kind">> } = {
  response: {
    status: whole(200, 599),
    body: body.optional(),
    headers: headers.optional(),
    effect: flag.optional(),
  },
  truncated: { effect: flag.optional() },
  reset: { effect: flag },
  silence: { effect: flag },
  delay: { ms: milliseconds, before: oneOf(["effect", "response"]) },
  altered: { change: oneOf(CHANGES) },
  wrapped: { contentEncoding: encodings.optional(), wrap: wrap.optional() },
  stale: {},
  lagging: { ms: milliseconds },
  unapplied: { reason: filled.optional() },
};

const times = z.custom((value) => value === Infinity || (Number.isInteger(value) && Number(value) >= 1), {
  error: "must be a whole number, 1 or more, or Infinity",
});

function scopeWithin(operations: readonly Operation[]): z.ZodType {
  return only<FaultScope>({
    operations: filledListOf(oneOf(operations)).optional(),
    tunnelId: identifier.optional(),
    times: times.optional(),
    after: whole(0).optional(),
  });
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isJson(value: unknown): boolean {
  if (!isMap(value)) return false;
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

function isHeader([name, value]: [string, unknown]): boolean {
  // Both are computed from the body.
  if (name !== name.toLowerCase() || name === "content-length" || name === "transfer-encoding") return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value as string);
    return typeof value === "string";
  } catch {
    return false;
  }
}
