import { only, type Reading } from "./reading";
import { after, linesOf } from "./words";

const TYPES = { fqdn: "fqdn", "user-fqdn": "userFqdn", keyid: "keyId" } as const;

/**
 * The command line of FortiOS: words, quotes in pairs, backslash escapes, `$` variables, `?` asks for help. A key after
 * `0x` is hexadecimal, and one after `ENC` is encrypted.
 * @see https://docs.fortinet.com/document/fortigate/7.0.9/administration-guide/508024
 */
export function readFortios(text: string): Reading {
  const lines = linesOf(text, { quotes: "'\"", comment: { sign: "#", at: "line" }, specialEverywhere: "?$" });
  const phase1 = lines.slice(lines.findIndex((words) => words.join(" ") === "config vpn ipsec phase1-interface"));
  const psk = only(only(after(phase1, "set psksecret"), "key"), "word of the key");
  if (/^ENC( |$)/i.test(psk)) throw new Error("Taken for an encrypted key");
  const type = only(only(after(phase1, "set localid-type"), "type"), "word of the type");
  if (!(type in TYPES)) throw new Error("Not a type of identity");
  return {
    name: after(phase1, "edit")[0]?.join(" ") ?? "",
    psk: /^0x/i.test(psk) ? Buffer.from(psk.slice(2), "hex").toString() : psk,
    identity: {
      type: TYPES[type as keyof typeof TYPES],
      value: only(only(after(phase1, "set localid"), "localid"), "word of the localid"),
    },
  };
}
