import { only, type Reading } from "./reading";
import { after, linesOf } from "./words";

const TYPES = { hostname: "fqdn", "user-at-hostname": "userFqdn" } as const;

/**
 * `load set`: words, double quotes with backslash escapes, `#` starts a comment; `$8$` and `$9$` are encrypted.
 * @see https://www.juniper.net/documentation/us/en/software/junos/cli/topics/topic-map/cli-configuration.html
 */
export function readJunos(text: string): Reading {
  const lines = linesOf(text, { quotes: '"', comment: { sign: "#", at: "word" }, special: ";{}|" });
  if (lines.some(([verb]) => verb !== "set")) throw new Error("Not a set command");
  const psk = only(only(after(lines, "set security ike policy * pre-shared-key ascii-text"), "key"), "word of the key");
  if (/^\$[89]\$/.test(psk)) throw new Error("Taken for an encrypted key");
  const [type = "", value = "", ...more] = only(after(lines, "set security ike gateway * local-identity"), "identity");
  if (!(type in TYPES) || more.length > 0) throw new Error("Not an identity");
  return {
    name: only(only(after(lines, "set security ipsec vpn * ike gateway"), "gateway"), "name"),
    psk,
    identity: { type: TYPES[type as keyof typeof TYPES], value },
  };
}
