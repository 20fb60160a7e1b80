import { setTimeout as wait } from "node:timers/promises";

// The longest wait of Node's timers; beyond it they fire immediately.
const LONGEST_MS = 2 ** 31 - 1;

/** Waits any number of milliseconds, even more than one timer can. */
export async function sleep(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= LONGEST_MS) await wait(Math.min(left, LONGEST_MS));
}

/** Returns a result if it is there in time. @throws the error that `late` creates if it is not. */
export async function withTimeout<T>(ms: number, result: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(late());
    }, ms);
  });
  try {
    return await Promise.race([result, over]);
  } finally {
    clearTimeout(timer);
  }
}
