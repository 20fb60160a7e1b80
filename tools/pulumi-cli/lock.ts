import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onExit } from "./on-exit";

export interface LockOptions {
  /** The longest that one process may hold the lock. Older locks count as abandoned, and waiting longer fails. */
  readonly limitMs: number;
  /** Called once if the lock is not free immediately. */
  readonly onWait: () => void;
}

/**
 * Runs `work` while no other process holds the same `lock`.
 *
 * The lock is a directory with one empty file, whose name identifies its holder. It is acquired by one atomic rename.
 */
export async function withLock<T>(lock: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const holder = holderName(process.pid, Date.now());
  await acquire(lock, holder, options);
  const unregister = onExit(() => {
    release(lock, holder);
  });
  try {
    return await work();
  } finally {
    unregister();
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
      throw new Error(
        `Cannot acquire a lock: another process still holds it\nWhat to do: If no other process is running, remove "${lock}".`,
      );
    }
    if (waits === 0) options.onWait();
    await delay(200);
  }
}

function tryAcquire(lock: string, holder: string, limitMs: number): boolean {
  const current = holderOf(lock);
  if (current === undefined) return placeLock(lock, holder);
  if (!isAbandoned(current, limitMs)) return false;
  // The old path names the dead holder, so only one of several processes can rename it, and that one holds the lock.
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

/** Renames a directory that names its holder into place, which fails if a lock with a holder exists. */
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
  // Process IDs repeat in a new container: a lock from before this process started belongs to another one.
  if (pid === process.pid) return sinceMs < Date.now() - process.uptime() * 1000;
  return !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists, under another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Releases in two steps that others may interrupt: an empty directory is a free lock, and `rmdir` fails if it was acquired again. */
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
