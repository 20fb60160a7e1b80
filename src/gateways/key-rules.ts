import { type Rule, rule } from "./rules";

/** What a key must not match, and the end of "psk must …" with the reason in it. */
export type RefusedKey = readonly [pattern: RegExp, demand: string];

/**
 * Keys that cannot be typed or pasted into anything. Nothing is escaped where the vendor does not say how its own
 * escape is read back.
 */
export const UNTYPEABLE: readonly RefusedKey[] = [
  [/[^ -~]/, "be printable ASCII, because the vendor does not document how other characters are encoded"],
  [/^\s|\s$/, "not start or end with white space, because that is trimmed"],
];

/** Returns the rules for a key: to be one, and not to be refused. */
export function keyRules(psk: unknown, refused: readonly RefusedKey[]): Rule[] {
  if (typeof psk !== "string" || !/^\P{Surrogate}+$/su.test(psk)) {
    return [rule("psk", false, "must be the pre-shared key: a string of whole characters, not empty")];
  }
  return refused.map(([pattern, demand]) => rule("psk", !pattern.test(psk), `must ${demand}`));
}
