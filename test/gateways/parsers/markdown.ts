import { type Connection, only, proposalOf, type Reading, translated, withKeyExchange } from "./reading";

const TYPES: Readonly<Record<string, Reading["identity"]["type"]>> = {
  FQDN: "fqdn",
  "User FQDN (email)": "userFqdn",
  "Key ID": "keyId",
};

/**
 * CommonMark: a heading, a table, and a fenced block, which ends at the first line of a fence as long as the opening one.
 * The key is pasted into a field that trims white space and reads ASCII.
 * @see https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */
export function readMarkdown(text: string): Reading {
  const lines = text.split(/\r\n|[\n\r]/);
  const opening = lines.findIndex((line) => /^`{3,}$/.test(line));
  const fence = lines[opening] ?? "";
  const length = lines.slice(opening + 1).findIndex((line) => new RegExp(`^ {0,3}\`{${fence.length},} *$`).test(line));
  const psk = only(lines.slice(opening + 1, opening + 1 + length), "line of the key");
  if (!/^[ -~]*$/.test(psk)) throw new Error("Not printable ASCII");
  const cell = (field: string) => cellOf(text, field);
  return {
    name: /^# ([\w-]+): /.exec(lines[0] ?? "")?.[1] ?? "",
    psk: psk.trim(),
    identity: { type: only([TYPES[cell("Local ID type")] ?? []].flat(), "type"), value: cell("Local ID") },
  };
}

/** Reads the cells as a person would copy them to a router. */
export function connectMarkdown(text: string): Connection {
  const phase = (field: string) => cellOf(text, field).split(", ");
  const [encryption = "", integrity = "", group, lifetime = ""] = phase("Phase 1");
  const [protocol, ...child] = phase("Phase 2");
  const [pfs, childLifetime = ""] = child.splice(-2);
  if (cellOf(text, "IKE version") !== "2") throw new Error("Not IKEv2");
  if (protocol !== "ESP") throw new Error("Not ESP");
  const localAddress = cellOf(text, "Local address");
  const remote = cellOf(text, "Remote gateway, remote ID");
  return {
    ...readMarkdown(text),
    localAddress: localAddress === "any" ? undefined : localAddress,
    remoteAddress: remote,
    remoteId: remote,
    initiates: cellOf(text, "Role").startsWith("initiator"),
    ike: {
      proposal: withKeyExchange(
        proposalOf([encryption, integrity].map(algorithmOf).join("-"), group),
        keyExchangesIn(text),
      ),
      lifetimeSeconds: Number(translated(lifetime, /^(\d+) s$/, "$1")),
    },
    esp: {
      proposal: proposalOf(child.map(algorithmOf).join("-"), pfs),
      lifetimeSeconds: Number(translated(childLifetime, /^(\d+) s$/, "$1")),
    },
  };
}

function algorithmOf(word: string): string {
  if (word.startsWith("SHA")) return translated(word, /^SHA-(\d+)$/, "sha$1");
  if (word.includes("CBC")) return translated(word, /^AES-(\d+)-CBC$/, "aes$1");
  return translated(word, /^AES-(\d+)-GCM \(128-bit ICV\)$/, "aes$1gcm16");
}

/** Returns the groups, and the algorithms of phase 2, that a router may take instead. */
export function alternativesIn(text: string): { readonly groups: readonly string[]; readonly phase2: string } {
  const groups = cellOf(text, "Phases 1 and 2, if the router has no group 20").match(/\d+/g) ?? [];
  const phase2 = cellOf(text, "Phase 2, if the router has no AES-GCM").replace("Cloudflare also accepts ", "");
  return { groups, phase2 };
}

function keyExchangesIn(text: string): string[] {
  const [method, ...more] = cellsOf(text, "Phase 1, additional key exchange 1 (RFC 9370)");
  if (method === undefined) return [];
  if (more.length > 0 || cellOf(text, "IKEv2 fragmentation (RFC 7383)") !== "on") throw new Error("Not negotiable");
  const fallback = cellOf(text, "Phase 1 without it").startsWith("allowed");
  const ids = [method, ...(fallback ? [cellOf(text, "Phase 1 without it")] : [])];
  return ids.map((cell) => /\(transform ID (\d+)\)/.exec(cell)?.[1] ?? cell);
}

function cellOf(text: string, field: string): string {
  return only(cellsOf(text, field), field);
}

function cellsOf(text: string, field: string): string[] {
  const table = text.slice(0, text.search(/^`{3,}$/m));
  const rows = table.split("\n").map((line) => line.split("|").map((part) => part.trim()));
  return rows.filter((row) => row[1] === field).map((row) => row[2] ?? "");
}
