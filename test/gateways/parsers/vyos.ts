import { type Connection, only, proposalOf, type Reading } from "./reading";
import { decodeSecret, identityOf, valueOf } from "./strongswan";
import { after, linesOf, wordAfter } from "./words";

/**
 * The shell of VyOS: single quotes are literal, `?` asks for help. Values end up between double quotes in a swanctl.conf.
 * @see https://docs.vyos.io/en/latest/cli.html
 */
export function readVyos(text: string): Reading {
  const lines = commandsOf(text);
  const copied = (path: string) => valueOf(`"${only(only(after(lines, path), path), path)}"`);
  const name = only(after(lines, "set vpn ipsec site-to-site peer * ike-group"), "peer");
  const id = copied("set vpn ipsec site-to-site peer * authentication local-id");
  if (name[0] === "include") throw new Error("Read as the name of a file to include, in the swanctl.conf");
  const ids = after(lines, "set vpn ipsec authentication psk * id").map(([value]) => value);
  if (!ids.includes(id)) throw new Error("The secret is of another id");
  return {
    name: only(name, "name"),
    psk: decodeSecret(copied("set vpn ipsec authentication psk * secret")),
    identity: identityOf(id),
  };
}

/**
 * Reads a connection as VyOS writes it to a swanctl.conf: encryption, hash and group of a proposal side by side.
 * @see https://github.com/vyos/vyos-1x/blob/current/data/templates/ipsec/swanctl/peer.j2
 */
export function connectVyos(text: string): Connection {
  const lines = commandsOf(text);
  const peer = "set vpn ipsec site-to-site peer *";
  const ike = `set vpn ipsec ike-group ${wordAfter(lines, `${peer} ike-group`)}`;
  const esp = `set vpn ipsec esp-group ${wordAfter(lines, `${peer} vti esp-group`)}`;
  const algorithms = (group: string) =>
    ["encryption", "hash"].map((kind) => wordAfter(lines, `${group} proposal 1 ${kind}`)).join("-");
  if (wordAfter(lines, `${ike} key-exchange`) !== "ikev2") throw new Error("Not IKEv2");
  const localAddress = wordAfter(lines, `${peer} local-address`);
  const pfs = wordAfter(lines, `${esp} pfs`);
  return {
    ...readVyos(text),
    localAddress: localAddress === "any" ? undefined : localAddress,
    remoteAddress: wordAfter(lines, `${peer} remote-address`),
    remoteId: wordAfter(lines, `${peer} authentication remote-id`),
    initiates: wordAfter(lines, `${peer} connection-type`) === "initiate",
    ike: {
      proposal: proposalOf(algorithms(ike), wordAfter(lines, `${ike} proposal 1 dh-group`)),
      lifetimeSeconds: Number(wordAfter(lines, `${ike} lifetime`)),
    },
    esp: {
      proposal: proposalOf(algorithms(esp), pfs === "disable" ? undefined : pfs),
      lifetimeSeconds: Number(wordAfter(lines, `${esp} lifetime`)),
    },
  };
}

function commandsOf(text: string): string[][] {
  return linesOf(text, {
    quotes: "'\"",
    literal: "'",
    comment: { sign: "#", at: "word" },
    special: "$;&|<>()`!",
    specialEverywhere: "?",
  });
}
