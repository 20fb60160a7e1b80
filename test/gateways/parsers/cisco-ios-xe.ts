import { type Connection, only, proposalOf, type Reading, translated, withKeyExchange } from "./reading";
import { after, linesOf, wordAfter, wordAfterIfAny } from "./words";

const TYPES = { fqdn: "fqdn", email: "userFqdn", "key-id": "keyId" } as const;
const KEYWORDS = ["local", "remote", "hex"];

/**
 * The configuration mode of IOS-XE: words, `!` at the start of a line is a comment, `?` asks for help; keywords may be
 * abbreviated, and stand before a key: `pre-shared-key [local | remote] [0 | 6 | hex] <key>`.
 * @see https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/sec_conn_ike2vpn/configuration/xe-3s/sec-flex-vpn-xe-3s-book/sec-cfg-flex-serv.html
 * @see https://www.cisco.com/c/en/us/td/docs/routers/ios-xe/security-vpn/security-vpn/m-pqc-ikev2.html
 */
export function readCiscoIosXe(text: string): Reading {
  const lines = commandsOf(text);
  const psk = only(only(after(lines, "pre-shared-key"), "pre-shared-key"), "word of the key");
  if (/^[06]$/.test(psk) || KEYWORDS.some((word) => word.startsWith(psk.toLowerCase())))
    throw new Error("No key follows");
  const [type = "", value = "", ...more] = only(after(lines, "identity local"), "identity");
  if (!(type in TYPES) || more.length > 0) throw new Error("Not an identity");
  if (after(lines, "crypto ikev2 proposal").join().toLowerCase() === "default")
    throw new Error("Changes a smart default");
  return {
    name: only(only(after(lines, "crypto ikev2 profile"), "profile"), "name"),
    psk,
    identity: { type: TYPES[type as keyof typeof TYPES], value },
  };
}

/** Follows the names: tunnel interface, IPsec profile, IKEv2 profile, keyring; the policy picks the proposal. */
export function connectCiscoIosXe(text: string): Connection {
  const lines = withModes(commandsOf(text));
  const tunnel = "interface *";
  const source = wordAfter(lines, `${tunnel} tunnel source`);
  const ipsec = `crypto ipsec profile ${wordAfter(lines, `${tunnel} tunnel protection ipsec profile`)}`;
  const profile = `crypto ikev2 profile ${wordAfter(lines, `${ipsec} set ikev2-profile`)}`;
  const keyring = `crypto ikev2 keyring ${wordAfter(lines, `${profile} keyring local`)}`;
  const proposal = `crypto ikev2 proposal ${wordAfter(lines, "crypto ikev2 policy * proposal")}`;
  const set = after(lines, `crypto ipsec transform-set ${wordAfter(lines, `${ipsec} set transform-set`)}`);
  const transforms = set.filter(([word]) => word !== "mode");
  const remoteAddress = wordAfter(lines, `${tunnel} tunnel destination`);
  if (wordAfter(lines, `${keyring} address`) !== remoteAddress) throw new Error("The key is for another peer");
  const [remoteId, mask] = only(after(lines, `${profile} match identity remote address`), "remote identity");
  if (mask !== "255.255.255.255") throw new Error("More than one peer");
  return {
    ...readCiscoIosXe(text),
    localAddress: /^\d/.test(source) ? source : undefined,
    remoteAddress,
    remoteId,
    // A tunnel interface with a destination starts its tunnel by itself.
    initiates: true,
    ike: {
      proposal: withKeyExchange(
        proposalOf(
          [
            translated(wordAfter(lines, `${proposal} encryption`), /^aes-cbc-(\d+)$/, "aes$1"),
            translated(wordAfter(lines, `${proposal} integrity`), /^(sha\d+)$/, "$1"),
          ].join("-"),
          wordAfter(lines, `${proposal} group`),
        ),
        keyExchangesIn(lines, proposal),
      ),
      lifetimeSeconds: Number(wordAfter(lines, `${profile} lifetime`)),
    },
    esp: {
      proposal: proposalOf(
        translated(only(transforms, "transform set").join(" "), /^esp-gcm (\d+)$/, "aes$1gcm16"),
        wordAfterIfAny(lines, `${ipsec} set pfs`),
      ),
      lifetimeSeconds: Number(wordAfter(lines, `${ipsec} set security-association lifetime seconds`)),
    },
  };
}

const TRANSFORM_IDS: Readonly<Record<string, string>> = { mlkem768: "36", mlkem1024: "37", optional: "0" };

/** Reads `pqc <methods> [optional]`, whose messages are too long without fragmentation. */
function keyExchangesIn(lines: readonly string[][], proposal: string): string[] {
  const words = after(lines, `${proposal} pqc`).flat();
  const fragments = after(lines, "crypto ikev2 fragmentation mtu").map(([mtu]) => Number(mtu));
  if (words.length > 0 && !fragments.some((mtu) => mtu >= 68 && mtu <= 1_500)) throw new Error("No fragmentation");
  return words.map((word) => TRANSFORM_IDS[word] ?? word);
}

const MODES = ["crypto", "interface", "router", "end"];

// What follows the command that opens a mode belongs to it: "crypto <kind> <table> <name>", "interface <name>".
function withModes(lines: readonly string[][]): string[][] {
  let mode: readonly string[] = [];
  return lines.map((words) => {
    if (!MODES.includes(words[0] ?? "")) return [...mode, ...words];
    mode = words.slice(0, 4);
    return words;
  });
}

function commandsOf(text: string): string[][] {
  return linesOf(text, {
    quotes: "",
    comment: { sign: "!", at: "line" },
    special: "\"'",
    specialEverywhere: "?\\",
  });
}
