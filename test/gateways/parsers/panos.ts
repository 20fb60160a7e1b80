import { type Connection, only, proposalOf, type Reading, translated } from "./reading";
import { after, linesOf, wordAfter, wordAfterIfAny } from "./words";

const TYPES = { fqdn: "fqdn", ufqdn: "userFqdn", keyid: "keyId" } as const;

/**
 * The configuration mode of PAN-OS: words, double quotes, `?` asks for help; a key that starts with `-AQ==` is encrypted,
 * and a key ID is in hexadecimal. No escape is documented, so a backslash, a single quote or a space is not text here.
 * @see https://docs.paloaltonetworks.com/pan-os/10-0/pan-os-admin/vpns/site-to-site-vpn-concepts/ike-gateway
 * @see https://github.com/PaloAltoNetworks/pan-os-codegen/blob/main/specs/network/ike-gateway.yaml
 */
export function readPanos(text: string): Reading {
  const lines = commandsOf(text);
  if (lines.some(([verb]) => verb !== "set")) throw new Error("Not a set command");
  const psk = only(only(after(lines, "set network ike gateway * authentication pre-shared-key key"), "key"), "word");
  if (psk.length > 255) throw new Error("Not a key's length");
  if (psk.startsWith("-AQ==") || psk.includes(" ")) throw new Error("Not the text of a key");
  const [type = "", , value = ""] = only(after(lines, "set network ike gateway * local-id type"), "identity");
  if (!(type in TYPES)) throw new Error("Not a type of identity");
  if (after(lines, "set network ike crypto-profiles ike-crypto-profiles default").length > 0)
    throw new Error("Changes the profile of every gateway without one");
  if (hasLongAsn(lines)) throw new Error("Not an ASN of two bytes");
  return {
    name: only(only(after(lines, "set network tunnel ipsec * auto-key ike-gateway"), "gateway"), "name"),
    psk,
    identity: {
      type: TYPES[type as keyof typeof TYPES],
      value: type === "keyid" ? Buffer.from(value, "hex").toString() : value,
    },
  };
}

// Two bytes are the default of the virtual router.
function hasLongAsn(lines: readonly string[][]): boolean {
  const bgp = "set network virtual-router default protocol bgp";
  const format = wordAfterIfAny(lines, `${bgp} routing-options as-format`) ?? "2-byte";
  const asns = [after(lines, `${bgp} local-as`), after(lines, `${bgp} peer-group * peer * peer-as`)].flat(2);
  return format === "2-byte" && asns.some((asn) => Number(asn) > 65_535);
}

/** Follows the names from the tunnel: gateway and crypto profiles. */
export function connectPanos(text: string): Connection {
  const lines = commandsOf(text);
  const tunnel = "set network tunnel ipsec * auto-key";
  const gateway = `set network ike gateway ${wordAfter(lines, `${tunnel} ike-gateway`)}`;
  const profiles = "set network ike crypto-profiles";
  const ike = `${profiles} ike-crypto-profiles ${wordAfter(lines, `${gateway} protocol ikev2 ike-crypto-profile`)}`;
  const esp = `${profiles} ipsec-crypto-profiles ${wordAfter(lines, `${tunnel} ipsec-crypto-profile`)}`;
  if (wordAfter(lines, `${gateway} protocol version`) !== "ikev2") throw new Error("Not IKEv2");
  const algorithms = (profile: string, encryption: string, integrity: string) =>
    [
      translated(wordAfter(lines, `${profile} ${encryption}`), /^aes-(\d+)-cbc$/, "aes$1"),
      translated(wordAfter(lines, `${profile} ${integrity}`), /^(sha\d+)$/, "$1"),
    ].join("-");
  const group = wordAfter(lines, `${esp} dh-group`);
  const remoteAddress = wordAfter(lines, `${gateway} peer-address ip`);
  return {
    ...readPanos(text),
    // The one of the interface in local-address.
    localAddress: wordAfterIfAny(lines, `${gateway} local-address ip`),
    remoteAddress,
    // Without a peer-id, the peer is identified by its address.
    remoteId: remoteAddress,
    initiates: wordAfter(lines, `${gateway} protocol-common passive-mode`) === "no",
    ike: {
      proposal: proposalOf(algorithms(ike, "encryption", "hash"), wordAfter(lines, `${ike} dh-group`)),
      lifetimeSeconds: Number(wordAfter(lines, `${ike} lifetime hours`)) * 3_600,
    },
    esp: {
      proposal: proposalOf(
        algorithms(esp, "esp encryption", "esp authentication"),
        group === "no-pfs" ? undefined : group,
      ),
      lifetimeSeconds: Number(wordAfter(lines, `${esp} lifetime hours`)) * 3_600,
    },
  };
}

function commandsOf(text: string): string[][] {
  const commands = text.replace(/^#.*\n/gm, "");
  return linesOf(commands, { quotes: '"', comment: { sign: "#", at: "line" }, specialEverywhere: "?\\'" });
}
