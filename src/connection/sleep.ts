import { setTimeout as wait } from "node:timers/promises";
import { given } from "../given";

// The longest wait of Node's timers; beyond it they fire immediately.
const LONGEST_MS = 2 ** 31 - 1;

/** Waits any number of milliseconds, even more than one timer can. @throws if `signal` is aborted before or during the wait. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  for (let left = ms; left > 0; left -= LONGEST_MS)
    await wait(Math.min(left, LONGEST_MS), undefined, given({ signal }));
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
