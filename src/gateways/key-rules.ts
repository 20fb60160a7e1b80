import type { Rule } from "./rules";

/** What a dialect cannot quote in a key, and the end of "psk must …" with the reason in it. */
export type Unquotable = readonly [pattern: RegExp, rule: string];

/**
 * What may not be in a key that is typed or pasted, into whatever. Nothing is escaped where the vendor does not say how
 * its own escape is read back.
 */
export const UNTYPEABLE: readonly Unquotable[] = [
  [/[^ -~]/, "be printable ASCII, for nobody says how the device encodes the rest"],
  [/^\s|\s$/, "not start or end with white space, which is trimmed"],
];

/** The rules for a key: to be one, and to be quotable. */
export function keyRules(psk: unknown, unquotable: readonly Unquotable[]): Rule[] {
  if (typeof psk !== "string" || !/^\P{Surrogate}+$/su.test(psk)) {
    return [[false, "psk must be the pre-shared key: a string of whole characters, not empty"]];
  }
  return unquotable.map(([pattern, rule]) => [!pattern.test(psk), `psk must ${rule}`]);
}
