import { z } from "zod";
import { isTimestamp } from "../rfc3339";
import { isId } from "../tunnel";
import { flawOf, keyFlawOf } from "./pasted";

export function id(what: string): z.ZodType<string> {
  const rule = pasted(`must be ${what}: 32 hexadecimal characters`);
  return z.string(rule).refine(isId, rule);
}

/** A name as Cloudflare shows it: compared byte for byte, so nothing around it is an error by itself. */
export function name(what: string): z.ZodType<string> {
  const rule = { error: `must be ${what}: a string that is not empty` };
  return z.string(rule).min(1, rule);
}

/** A key that nothing stands around. */
export function key(): z.ZodType<string> {
  const rule = { error: "must be a string that is not empty" };
  return z
    .string(rule)
    .min(1, rule)
    .superRefine((text, context) => {
      const flaw = keyFlawOf(text);
      if (flaw !== undefined) context.addIssue(`must be the key alone: ${flaw}`);
    });
}

/** A key as a state may hold it: another release may have judged otherwise which keys are good. */
export function storedKey(): z.ZodType<string> {
  return z.string().min(1);
}

export function timestamp(): z.ZodType<string> {
  const rule = pasted('must be the timestamp that Cloudflare shows, as in "2026-11-23T08:15:00.123456Z"');
  return z.string(rule).refine(isTimestamp, rule);
}

export function wholeDays(least: number): z.ZodType<number> {
  const rule = { error: `must be a whole number of days, ${least} or more` };
  return z.number(rule).int(rule).min(least, rule);
}

export function digits(rule: string): z.ZodType<string> {
  return z.string(pasted(rule)).regex(/^\d+$/, pasted(rule));
}

/** Returns the error of a text: its rule, and what copying has left on a text that breaks the rule. */
function pasted(rule: string) {
  return {
    error: ({ input }: { readonly input?: unknown }) => {
      const flaw = typeof input === "string" ? flawOf(input) : undefined;
      return flaw === undefined ? rule : `${rule}; ${flaw}`;
    },
  };
}
