import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onExit } from "./on-exit";

export interface LockOptions {
  /** How long one holder may work: an older one counts as dead, and nobody waits longer. */
  readonly limitMs: number;
  /** Called once, if the lock is not free at once. */
  readonly onWait: () => void;
}

/**
 * Runs `work` while no other process that uses the same `lock` runs its own.
 *
 * The lock is a directory with one empty file, whose name says who holds it. It is taken by one atomic rename.
 */
export async function withLock<T>(lock: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const holder = holderName(process.pid, Date.now());
  await acquire(lock, holder, options);
  const forget = onExit(() => {
    release(lock, holder);
  });
  try {
    return await work();
  } finally {
    forget();
    release(lock, holder);
  }
}

export function holderName(pid: number, sinceMs: number): string {
  return `${pid}-${Math.floor(sinceMs)}-${randomBytes(8).toString("hex")}`;
}

async function acquire(lock: string, holder: string, options: LockOptions): Promise<void> {
  const startMs = Date.now();
  for (let waits = 0; !tryAcquire(lock, holder, options.limitMs); waits += 1) {
    if (Date.now() - startMs >= options.limitMs) {
      throw new Error(`Cannot get the lock as another process still holds it: remove "${lock}" if none is running`);
    }
    if (waits === 0) options.onWait();
    await delay(200);
  }
}

function tryAcquire(lock: string, holder: string, limitMs: number): boolean {
  const current = holderOf(lock);
  if (current === undefined) return placeLock(lock, holder);
  if (!isAbandoned(current, limitMs)) return false;
  // The source names the dead holder, so of several takers exactly one finds it, and holds the lock at once.
  return succeeds(() => {
    renameSync(join(lock, current), join(lock, holder));
  });
}

function holderOf(lock: string): string | undefined {
  try {
    return readdirSync(lock).find((name) => /^\d+-\d+-/.test(name));
  } catch {
    return undefined;
  }
}

/** A directory that already names its holder is renamed into place, which fails if a lock with a holder is there. */
function placeLock(lock: string, holder: string): boolean {
  const prepared = mkdtempSync(`${lock}.new-`);
  writeFileSync(join(prepared, holder), "");
  const placed = succeeds(() => {
    renameSync(prepared, lock);
  });
  if (!placed) rmSync(prepared, { recursive: true });
  return placed;
}

function isAbandoned(holder: string, limitMs: number): boolean {
  const [pid = 0, sinceMs = 0] = holder.split("-").map(Number);
  if (Date.now() - sinceMs > limitMs) return true;
  // In a fresh container process numbers repeat: who held it before we started is not us.
  if (pid === process.pid) return sinceMs < Date.now() - process.uptime() * 1000;
  return !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Two steps, safe in between: an empty directory is a free lock, and one that is taken again resists `rmdir`. */
function release(lock: string, holder: string): void {
  if (
    !succeeds(() => {
      unlinkSync(join(lock, holder));
    })
  )
    return;
  succeeds(() => {
    rmdirSync(lock);
  });
}

function succeeds(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
