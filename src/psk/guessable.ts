import type { Inputs } from "./inputs";
import type { Plan } from "./rotation";

/**
 * What a key can be worth at most, in bits, if it is not to count as guessable. A PSK has to be as random as the strongest key that
 * IKE negotiates, and one that comes from a password or a name is not secure (RFC 7296, section 8): someone who poses as one side
 * gets a proof of the key from the other, and can then try keys offline. NIST withdrew 80 bits in 2014 and asks for 112 today (SP
 * 800-131A). The warning is about keys that can be guessed, so it starts at the lower number.
 */
const ENOUGH_BITS = 80;
/** What a word, a date or a row of keys is worth: one of 1,024. */
const PIECE_BITS = 10;
const FEW_CHARACTERS = 5;

/** The characters from which a key may have been drawn, the smallest set first. */
const ALPHABETS: readonly (readonly [pattern: RegExp, size: number])[] = [
  [/^\d*$/, 10],
  [/^(?:[\da-f]*|[\dA-F]*)$/, 16],
  [/^(?:[\da-z]*|[\dA-Z]*)$/, 36],
  [/^[\dA-Za-z]*$/, 62],
  [/^[ -~]*$/, 95],
  [/^/, 256],
];

const WORDS =
  "password|passwort|passphrase|secret|shared|preshared|changeme|default|welcome|letmein|login|admin|root|user|test|demo|example|sample|temp|" +
  "cloudflare|magic|tunnel|ipsec|vpn|psk|key|cisco|fortinet|fortigate|juniper|paloalto|mikrotik|unifi|firewall|router|gateway|server|" +
  "network|internet|branch|office|company|site|spring|summer|autumn|winter|monday|january|dragon|monkey|master|football|iloveyou";
const DATE = String.raw`(?:19|20)\d\d(?:[-./]?[01]\d(?:[-./]?[0-3]\d)?)?|[0-3]?\d[-./][01]?\d[-./](?:19|20)\d\d`;
const PIECE = new RegExp(`^(?:${WORDS}|${DATE}|(.)\\1{3,})`, "s");
const ROWS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm"];
const COLUMNS = "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p";
const RUNS = [...ROWS, COLUMNS].flatMap((row) => [row, Array.from(row).reverse().join("")]);
const SHORTEST_RUN = 4;

/** Returns why a key can be guessed, "it …" and never a part or the length of it; `undefined` if nothing shows that it can. */
export function guessOf(key: string): string | undefined {
  if (new Set(key).size <= FEW_CHARACTERS) return "it has only a few different characters";
  const unit = unitOf(key);
  if (unit !== key) return guessOf(unit) === undefined ? undefined : "it repeats itself";
  if (bitsOf(key, key.length) < ENOUGH_BITS) return "it is short";
  const { pieces, covered } = piecesIn(key);
  const rest = bitsOf(key, key.length - covered);
  // Half of it, because a long random key may contain a short word.
  if (covered * 2 < key.length || pieces * PIECE_BITS + rest >= ENOUGH_BITS) return undefined;
  return "most of it is common words, dates, or characters in the order of the alphabet or of a keyboard";
}

/** Returns the warning that a plan needs, which sets a key or takes one over; `undefined` if it needs none. */
export function guessWarning(plan: Pick<Plan, "kind">, { psk, existingKey }: Inputs): string | undefined {
  switch (plan.kind) {
    case "set":
      return warningOf("psk", psk);
    case "takeOver":
      return warningOf("existingKey.psk", existingKey?.psk);
    default:
      return undefined;
  }
}

/** Returns the warning that a key of the program needs. @param property - The argument that has it. */
export function warningOf(property: "psk" | "existingKey.psk", key: unknown): string | undefined {
  const why = typeof key === "string" ? guessOf(key) : undefined;
  if (why === undefined) return undefined;
  const remedy =
    property === "psk"
      ? "Remove psk, so that Cloudflare generates the key, or give a random one of 32 characters or more, as RandomPassword makes it."
      : "Replace the key as soon as you can: remove existingKey, so that Cloudflare generates one.";
  return `${property} can be guessed: ${why}. Someone who guesses it can pose as either side of the tunnel.\nWhat to do: ${remedy}`;
}

/** The shortest text that makes the key when it is repeated twice or more, or the key itself. */
function unitOf(key: string): string {
  const length = key.length;
  for (let size = 1; size * 2 <= length; size++) {
    const unit = key.slice(0, size);
    if (unit.repeat(Math.ceil(length / size)).startsWith(key)) return unit;
  }
  return key;
}

function bitsOf(key: string, length: number): number {
  const [, size] = ALPHABETS.find(([pattern]) => pattern.test(key)) ?? [/^/, 256];
  return length * Math.log2(size);
}

/** How many pieces a key has that people choose, and how many of its characters are in one. */
function piecesIn(key: string): { readonly pieces: number; readonly covered: number } {
  // As people write "p4$$w0rd".
  const plain = key.toLowerCase().replace(/[@$!]/g, (sign) => "asi".charAt("@$!".indexOf(sign)));
  const letters = plain.replace(/[013457]/g, (digit) => "oleast".charAt("013457".indexOf(digit)));
  let pieces = 0;
  let covered = 0;
  for (let at = 0; at < plain.length;) {
    const size = Math.max(...[plain, letters].map((text) => pieceAt(text.slice(at))));
    if (size > 0) pieces++;
    covered += size;
    at += Math.max(size, 1);
  }
  return { pieces, covered };
}

/** The length of the longest piece with which a text begins; 0 if it begins with none. */
function pieceAt(text: string): number {
  let run = 0;
  while (run < text.length && RUNS.some((row) => row.includes(text.slice(0, run + 1)))) run++;
  return Math.max(PIECE.exec(text)?.[0].length ?? 0, run < SHORTEST_RUN ? 0 : run);
}
