import { type Connection, only, proposalOf, type Reading, translated, withKeyExchange } from "./reading";
import { after, linesOf, wordAfter, wordAfterIfAny } from "./words";

const TYPES = { fqdn: "fqdn", "user-fqdn": "userFqdn", keyid: "keyId" } as const;

/**
 * The command line of FortiOS: words, quotes in pairs, backslash escapes, `$` variables, `?` asks for help. A key after
 * `0x` is hexadecimal, `00x` stands for the text `0x`, and a key after `ENC` is encrypted.
 * @see https://docs.fortinet.com/document/fortigate/7.0.9/administration-guide/508024
 * @see https://docs.fortinet.com/document/fortigate/7.0.11/administration-guide/560886
 * @see https://community.fortinet.com/t5/FortiGate/Technical-Tip-How-to-configure-psksecret-starting-with-0x/ta-p/259618
 */
export function readFortios(text: string): Reading {
  const lines = commandsOf(text);
  const phase1 = lines.slice(lines.findIndex((words) => words.join(" ") === "config vpn ipsec phase1-interface"));
  const psk = only(only(after(phase1, "set psksecret"), "key"), "word of the key");
  if (/^ENC( |$)/i.test(psk)) throw new Error("Read as an encrypted key");
  if (psk.length < 6 || psk.length > 128) throw new Error("Not a key's length");
  const type = only(only(after(phase1, "set localid-type"), "type"), "word of the type");
  if (!(type in TYPES)) throw new Error("Not a type of identity");
  const name = after(phase1, "edit")[0]?.join(" ") ?? "";
  if (wordAfter(phase1, "set interface") === name) throw new Error("There is an interface of this name");
  return {
    name,
    psk: keyOf(psk),
    identity: {
      type: TYPES[type as keyof typeof TYPES],
      value: only(only(after(phase1, "set localid"), "localid"), "word of the localid"),
    },
  };
}

function keyOf(psksecret: string): string {
  if (/^0x/i.test(psksecret)) return Buffer.from(psksecret.slice(2), "hex").toString();
  return /^00x/i.test(psksecret) ? psksecret.slice(1) : psksecret;
}

/** Reads phase 1, and the phase 2 that names it and carries IPv4. */
export function connectFortios(text: string): Connection {
  const lines = withPaths(commandsOf(text));
  const phase1 = "vpn ipsec phase1-interface *";
  const phase2 = "vpn ipsec phase2-interface *";
  const { name, ...reading } = readFortios(text);
  if (wordAfter(lines, `${phase2} phase1name`) !== name) throw new Error("Phase 2 is of another phase 1");
  if (wordAfter(lines, `${phase1} ike-version`) !== "2") throw new Error("Not IKEv2");
  const pfs = wordAfter(lines, `${phase2} pfs`) === "enable";
  return {
    name,
    ...reading,
    localAddress: wordAfterIfAny(lines, `${phase1} local-gw`),
    remoteAddress: wordAfter(lines, `${phase1} remote-gw`),
    remoteId: wordAfter(lines, `${phase1} peertype`) === "any" ? undefined : wordAfter(lines, `${phase1} peerid`),
    initiates: wordAfter(lines, `${phase1} auto-negotiate`) === "enable",
    isChildless: wordAfterIfAny(lines, `${phase1} childless-ike`) === "enable",
    ike: {
      proposal: withKeyExchange(
        proposalOf(
          translated(wordAfter(lines, `${phase1} proposal`), /^aes(\d+)gcm-(prfsha\d+)$/, "aes$1gcm16-$2"),
          wordAfter(lines, `${phase1} dhgrp`),
        ),
        keyExchangesIn(lines, `${phase1} addke1`),
      ),
      lifetimeSeconds: Number(wordAfter(lines, `${phase1} keylife`)),
    },
    esp: {
      proposal: proposalOf(
        translated(wordAfter(lines, `${phase2} proposal`), /^aes(\d+)gcm$/, "aes$1gcm16"),
        pfs ? wordAfter(lines, `${phase2} dhgrp`) : undefined,
      ),
      lifetimeSeconds: Number(wordAfter(lines, `${phase2} keylifeseconds`)),
    },
  };
}

const TRANSFORM_IDS: Readonly<Record<string, string>> = { none: "0", "ml-kem-768": "36", "ml-kem-1024": "37" };

/** Reads numbers, as until 7.6.6, or names, as from 7.6.7 on, but not both. */
function keyExchangesIn(lines: readonly string[][], path: string): string[] {
  const words = after(lines, path).flat();
  if (new Set(words.map((word) => /^\d+$/.test(word))).size > 1) throw new Error("Words of two versions");
  return words.map((word) => TRANSFORM_IDS[word] ?? word);
}

// Puts the tables and entries that a setting stands in before it.
function withPaths(lines: readonly string[][]): string[][] {
  const path: string[][] = [];
  return lines.flatMap(([verb = "", ...words]) => {
    if (verb === "config" || verb === "edit") path.push(words);
    else if (verb === "next" || verb === "end") path.pop();
    else if (verb === "set") return [[...path.flat(), ...words]];
    else throw new Error("Not a command of a configuration");
    return [];
  });
}

function commandsOf(text: string): string[][] {
  return linesOf(text, { quotes: "'\"", comment: { sign: "#", at: "line" }, specialEverywhere: "?$" });
}
