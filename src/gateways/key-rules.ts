import type { Rule } from "./rules";

/** What a key may not be in a dialect: a pattern, and the end of "psk must not …" with the reason in it. */
export type Unquotable = readonly [pattern: RegExp, rule: string];

/**
 * The rules for a key in a text that is typed or pasted into a command line: printable ASCII, and none of what the
 * dialect cannot quote. Nothing is escaped where the vendor does not say how its own escape is read back.
 */
export function keyRules(psk: string, unquotable: readonly Unquotable[]): Rule[] {
  return [
    [/^[ -~]*$/.test(psk), "psk must be printable ASCII, for nobody says how the device encodes the rest"],
    [psk.trim() === psk, "psk must not start or end with white space, which is trimmed"],
    ...unquotable.map(([pattern, rule]): Rule => [!pattern.test(psk), `psk must not ${rule}`]),
  ];
}
