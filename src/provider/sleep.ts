import { setTimeout } from "node:timers/promises";

// What Node's timers can hold; beyond it they fire immediately.
const LONGEST_MS = 2 ** 31 - 1;

/** Waits, however long. */
export async function sleep(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= LONGEST_MS) await setTimeout(Math.min(left, LONGEST_MS));
}
