import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something can be seen; fails, and says what it was, if that does not happen within `limitMs`. */
export async function waitUntil(what: string, isSo: () => boolean, limitMs = 30_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`Waited ${limitMs / 1000} s in vain until ${what}`);
    await sleep(5);
  }
}
