export const LOWER = "abcdefghijklmnopqrstuvwxyz";
export const DIGITS = "0123456789";
export const ALPHANUMERIC = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
/** The special characters of `random.RandomPassword`. */
export const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** Draws keys as `random.RandomPassword` does, every character as likely as any other; the same ones in every run. */
export function drawKeys(count: number, alphabet: string, length: number): string[] {
  const next = mulberry32(count + length);
  const draw = () => alphabet.charAt(Math.floor(next() * alphabet.length));
  return Array.from({ length: count }, () => Array.from({ length }, draw).join(""));
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
