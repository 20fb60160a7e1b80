import { setTimeout } from "node:timers/promises";

// The longest wait of Node's timers; beyond it they fire immediately.
const LONGEST_MS = 2 ** 31 - 1;

/** Waits any number of milliseconds, even more than one timer can. */
export async function sleep(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= LONGEST_MS) await setTimeout(Math.min(left, LONGEST_MS));
}
