import { only, type Reading } from "./reading";
import { after, linesOf } from "./words";

const TYPES = { fqdn: "fqdn", email: "userFqdn", "key-id": "keyId" } as const;
const KEYWORDS = ["local", "remote", "hex"];

/**
 * The configuration mode of IOS-XE: words, `!` at the start of a line is a comment, `?` asks for help; keywords may be
 * abbreviated, and stand before a key: `pre-shared-key [local | remote] [0 | 6 | hex] <key>`.
 * @see https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/sec_conn_ike2vpn/configuration/xe-3s/sec-flex-vpn-xe-3s-book/sec-cfg-flex-serv.html
 */
export function readCiscoIosXe(text: string): Reading {
  const lines = linesOf(text, {
    quotes: "",
    comment: { sign: "!", at: "line" },
    special: "\"'",
    specialEverywhere: "?\\",
  });
  const psk = only(only(after(lines, "pre-shared-key"), "pre-shared-key"), "word of the key");
  if (/^[06]$/.test(psk) || KEYWORDS.some((word) => word.startsWith(psk.toLowerCase())))
    throw new Error("No key follows");
  const [type = "", value = "", ...more] = only(after(lines, "identity local"), "identity");
  if (!(type in TYPES) || more.length > 0) throw new Error("Not an identity");
  return {
    name: only(only(after(lines, "crypto ikev2 profile"), "profile"), "name"),
    psk,
    identity: { type: TYPES[type as keyof typeof TYPES], value },
  };
}
