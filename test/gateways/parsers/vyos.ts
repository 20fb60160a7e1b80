import { only, type Reading } from "./reading";
import { decodeSecret, identityOf, valueOf } from "./strongswan";
import { after, linesOf } from "./words";

/**
 * The shell of VyOS: single quotes are literal, `?` asks for help. Values end up between double quotes in a swanctl.conf.
 * @see https://docs.vyos.io/en/latest/cli.html
 */
export function readVyos(text: string): Reading {
  const lines = linesOf(text, {
    quotes: "'\"",
    literal: "'",
    comment: { sign: "#", at: "word" },
    special: "$;&|<>()`!",
    specialEverywhere: "?",
  });
  const copied = (path: string) => valueOf(`"${only(only(after(lines, path), path), path)}"`);
  const name = only(after(lines, "set vpn ipsec site-to-site peer * ike-group"), "peer");
  const id = copied("set vpn ipsec site-to-site peer * authentication local-id");
  const ids = after(lines, "set vpn ipsec authentication psk * id").map(([value]) => value);
  if (!ids.includes(id)) throw new Error("The secret is of another id");
  return {
    name: only(name, "name"),
    psk: decodeSecret(copied("set vpn ipsec authentication psk * secret")),
    identity: identityOf(id),
  };
}
