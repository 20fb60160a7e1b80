import { createSeededRandom } from "../support/seeded-random";

export const LOWER = "abcdefghijklmnopqrstuvwxyz";
export const DIGITS = "0123456789";
export const ALPHANUMERIC = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
/** The special characters of `random.RandomPassword`. */
export const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** Draws keys as `random.RandomPassword` does, every character as likely as any other; the same ones in every run. */
export function drawKeys(count: number, alphabet: string, length: number): string[] {
  const next = createSeededRandom(count + length);
  const draw = () => alphabet.charAt(Math.floor(next() * alphabet.length));
  return Array.from({ length: count }, () => Array.from({ length }, draw).join(""));
}
