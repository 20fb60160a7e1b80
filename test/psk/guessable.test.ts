import { generatePsk } from "../../src/gateways";
import { guessOf, guessWarning } from "../../src/psk/guessable";
import type { Inputs } from "../../src/psk/inputs";
import { ALPHANUMERIC, DIGITS, drawKeys, LOWER, SPECIAL } from "./random-keys";

const FEW = "it has only a few different characters";
const REPEATS = "it repeats itself";
const SHORT = "it is short";
const CHOSEN = "most of it is common words, dates, or characters in the order of the alphabet or of a keyboard";

describe("guessOf()", () => {
  it.each([
    [FEW, "a"],
    [FEW, "a".repeat(32)],
    [FEW, "abababababababababababababababab"],
    [FEW, "11223344551122334455"],
    [SHORT, "password"],
    [SHORT, "S3cr3t!Key"],
    [SHORT, "fZ9-kQ2_xW7+"],
    [SHORT, "123456789012"],
    [SHORT, "483920175564830297465128"],
    [SHORT, "9f8c2b17a0e45d36b"],
    [REPEATS, "passwordpassword"],
    [REPEATS, "passwordpasswordpassw"],
    [REPEATS, "fZ9kQ2xfZ9kQ2xfZ9kQ2xfZ9kQ2x"],
    [CHOSEN, "ThePasswordOfTheTunnel2026"],
    [CHOSEN, "CloudflareMagicTunnel1"],
    [CHOSEN, "p4$$w0rd-p@ssw0rd-!"],
    [CHOSEN, "abcdefghijklmnopqrstuvwxyz"],
    [CHOSEN, "zyxwvutsrqponmlkjihgfedcba"],
    [CHOSEN, "qwertyuiopasdfghjklzxcvbnm"],
    [CHOSEN, "1qaz2wsx3edc4rfv5tgb"],
    [CHOSEN, "Branch-2026-11-23-Router"],
    [CHOSEN, "23.11.2026-Cloudflare-VPN"],
    [CHOSEN, "aaaaaaaaaaaaaaaabcdefg"],
  ])("says that %s: %s", (why, key) => {
    expect(guessOf(key)).toBe(why);
  });

  it.each([
    "hbGnJzFMqwltbTyYx-4_0s9dKfQe2LrNvAbCdEfGhIj",
    "O3bwKSjnaoCxDoUxjcq4Rk8ZKkezQUiy",
    "9f8c2b17a0e45d36b1f07c2e8d4a6b93",
    "zK7password4Qm2Xv9Lr3Tb8",
    "test7kq2xw9bm4lr",
    "correct-horse-battery-staple-orbit-lantern-violet",
    "fZ9-kQ2_xW7+bM4!",
    "鍵は長くて誰にも当てられない文字列です",
    // Half of it would do.
    "fZ9kQ2xW7bM4Lr3TfZ9kQ2xW7bM4Lr3T",
  ])("says nothing of %s", (key) => {
    expect(guessOf(key)).toBeUndefined();
  });
});

const RANDOM: readonly (readonly [name: string, alphabet: string, length: number])[] = [
  ["RandomPassword of 16", ALPHANUMERIC + SPECIAL, 16],
  ["RandomPassword of 16 without special characters", ALPHANUMERIC, 16],
  ["RandomPassword of 20 without special characters", ALPHANUMERIC, 20],
  ["RandomPassword of 20 without upper case", LOWER + DIGITS, 20],
  ["RandomPassword of 20 letters in lower case", LOWER, 20],
  ["RandomPassword of 32", ALPHANUMERIC + SPECIAL, 32],
  ["RandomPassword of 48 without special characters", ALPHANUMERIC, 48],
  ["16 random bytes in hexadecimal", "0123456789abcdef", 32],
  ["32 random bytes in base64url", `${ALPHANUMERIC}-_`, 43],
];

// The chance of a false alarm, added up over every rule and every place in the key: below 7 in a million for 16 characters, 2 in ten
// million for 20 and 2 in a hundred million for 32, from the smallest of these alphabets that is not in hexadecimal.
describe("a random key", () => {
  it.each(RANDOM)("is never guessable: 5,000 times %s", (_name, alphabet, length) => {
    const guessable = drawKeys(5_000, alphabet, length).filter((key) => guessOf(key));

    expect(guessable).toEqual([]);
  });

  it("is never guessable: 2,000 times generatePsk(), and of the smallest length", () => {
    const keys = Array.from({ length: 2_000 }, () => [generatePsk(), generatePsk({ length: 22, compatibleWith: [] })]);

    expect(keys.flat().filter((key) => guessOf(key))).toEqual([]);
  });
});

describe("guessWarning()", () => {
  const ids = { accountId: "f".repeat(32), ipsecTunnelId: "e".repeat(32) };
  const existing = (psk: string): Inputs => ({ ...ids, existingKey: { psk, lastGeneratedOn: "2026-01-01T00:00:00Z" } });

  it("names the argument, the reason and what to do, and has no part of the key", () => {
    const warning = guessWarning({ kind: "set" }, { ...ids, psk: "password" });

    expect(warning).toMatch(/^psk can be guessed: it is short\. .*\nWhat to do: Remove psk, /s);
    expect(warning).not.toMatch(/password|\b8\b/);
    expect(guessWarning({ kind: "takeOver" }, existing("password"))).toMatch(/^existingKey\.psk can be guessed: /);
  });

  it.each<[string, Parameters<typeof guessWarning>[0], Inputs]>([
    ["a key that is kept", { kind: "keep" }, { ...ids, psk: "password" }],
    ["a key that Cloudflare generates", { kind: "generate" }, ids],
    ["an unknown key", { kind: "set" }, { ...ids, psk: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }],
    ["a key that cannot be guessed", { kind: "set" }, { ...ids, psk: generatePsk() }],
  ])("does not warn of %s", (_what, plan, inputs) => {
    expect(guessWarning(plan, inputs)).toBeUndefined();
  });
});
