import { only, type Reading } from "./reading";
import { after, linesOf } from "./words";

const TYPES = { fqdn: "fqdn", ufqdn: "userFqdn", keyid: "keyId" } as const;

/**
 * The configuration mode of PAN-OS: words, double quotes, `?` asks for help; a key that starts with `-AQ==` is encrypted,
 * and a key id is in hexadecimal. No escape is documented, so a backslash, a single quote or a space is not text here.
 * @see https://docs.paloaltonetworks.com/pan-os/10-0/pan-os-admin/vpns/site-to-site-vpn-concepts/ike-gateway
 */
export function readPanos(text: string): Reading {
  const commands = text.replace(/^#.*\n/gm, "");
  const lines = linesOf(commands, { quotes: '"', comment: { sign: "#", at: "line" }, specialEverywhere: "?\\'" });
  if (lines.some(([verb]) => verb !== "set")) throw new Error("Not a set command");
  const psk = only(only(after(lines, "set network ike gateway * authentication pre-shared-key key"), "key"), "word");
  if (psk.startsWith("-AQ==") || psk.includes(" ")) throw new Error("Not the text of a key");
  const [type = "", , value = ""] = only(after(lines, "set network ike gateway * local-id type"), "identity");
  if (!(type in TYPES)) throw new Error("Not a type of identity");
  return {
    name: only(only(after(lines, "set network tunnel ipsec * auto-key ike-gateway"), "gateway"), "name"),
    psk,
    identity: {
      type: TYPES[type as keyof typeof TYPES],
      value: type === "keyid" ? Buffer.from(value, "hex").toString() : value,
    },
  };
}
