import { type Connection, only, proposalOf, type Reading, translated } from "./reading";
import { after, linesOf, wordAfter, wordAfterIfAny } from "./words";

const TYPES = { hostname: "fqdn", "user-at-hostname": "userFqdn" } as const;

/**
 * `load set`: words, double quotes with backslash escapes, `#` starts a comment; `$8$` and `$9$` are encrypted.
 * @see https://www.juniper.net/documentation/us/en/software/junos/cli/topics/topic-map/cli-configuration.html
 * @see https://github.com/Juniper/yang
 */
export function readJunos(text: string): Reading {
  const lines = commandsOf(text);
  if (lines.some(([verb]) => verb !== "set")) throw new Error("Not a set command");
  const psk = only(only(after(lines, "set security ike policy * pre-shared-key ascii-text"), "key"), "word of the key");
  if (psk.length > 255) throw new Error("Not a key's length");
  if (/^\$[89]\$/.test(psk)) throw new Error("Read as an encrypted key");
  const [type = "", value = "", ...more] = only(after(lines, "set security ike gateway * local-identity"), "identity");
  if (!(type in TYPES) || more.length > 0) throw new Error("Not an identity");
  return {
    name: only(only(after(lines, "set security ipsec vpn * ike gateway"), "gateway"), "name"),
    psk,
    identity: { type: TYPES[type as keyof typeof TYPES], value },
  };
}

/** Follows the names from the VPN: gateway, policies, proposals. */
export function connectJunos(text: string): Connection {
  const lines = commandsOf(text);
  const vpn = "set security ipsec vpn *";
  const gateway = `set security ike gateway ${wordAfter(lines, `${vpn} ike gateway`)}`;
  const ikePolicy = `set security ike policy ${wordAfter(lines, `${gateway} ike-policy`)}`;
  const ike = `set security ike proposal ${wordAfter(lines, `${ikePolicy} proposals`)}`;
  const ipsecPolicy = `set security ipsec policy ${wordAfter(lines, `${vpn} ike ipsec-policy`)}`;
  const esp = `set security ipsec proposal ${wordAfter(lines, `${ipsecPolicy} proposals`)}`;
  if (wordAfter(lines, `${gateway} version`) !== "v2-only") throw new Error("Not IKEv2");
  if (wordAfter(lines, `${esp} protocol`) !== "esp") throw new Error("Not ESP");
  const algorithms = (proposal: string, integrity: RegExp) =>
    [
      translated(wordAfter(lines, `${proposal} encryption-algorithm`), /^aes-(\d+)-cbc$/, "aes$1"),
      translated(wordAfter(lines, `${proposal} authentication-algorithm`), integrity, "sha$1"),
    ].join("-");
  const remoteAddress = wordAfter(lines, `${gateway} address`);
  return {
    ...readJunos(text),
    localAddress: wordAfterIfAny(lines, `${gateway} local-address`),
    remoteAddress,
    // Without a remote-identity, the peer is identified by its address.
    remoteId: remoteAddress,
    initiates: wordAfter(lines, `${vpn} establish-tunnels`) === "immediately",
    ike: {
      proposal: proposalOf(algorithms(ike, /^sha-(\d+)$/), wordAfter(lines, `${ike} dh-group`)),
      lifetimeSeconds: Number(wordAfter(lines, `${ike} lifetime-seconds`)),
    },
    esp: {
      proposal: proposalOf(
        algorithms(esp, /^hmac-sha-(\d+)-128$/),
        wordAfterIfAny(lines, `${ipsecPolicy} perfect-forward-secrecy keys`),
      ),
      lifetimeSeconds: Number(wordAfter(lines, `${esp} lifetime-seconds`)),
    },
  };
}

function commandsOf(text: string): string[][] {
  return linesOf(text, { quotes: '"', comment: { sign: "#", at: "word" }, special: ";{}|" });
}
