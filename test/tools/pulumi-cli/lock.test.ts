import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as timers from "node:timers/promises";
import { setImmediate, setTimeout as pause } from "node:timers/promises";
import { holderName, withLock } from "../../../tools/pulumi-cli/lock";

// No test sleeps: each pause is one turn of the event loop.
jest.mock("node:timers/promises", () => {
  const actual = jest.requireActual<typeof timers>("node:timers/promises");
  return { ...actual, setTimeout: jest.fn(() => actual.setImmediate()) };
});

const limitMs = 60_000;
let directory: string;
let lock: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lock-test-"));
  lock = join(directory, "lock");
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function heldBy(pid: number, sinceMs: number): void {
  mkdirSync(lock);
  writeFileSync(join(lock, holderName(pid, sinceMs)), "");
}

function run(work: () => Promise<unknown>, onWait: () => void = () => undefined): Promise<unknown> {
  return withLock(lock, { limitMs, onWait }, work);
}

describe("withLock()", () => {
  it("runs one holder at a time", async () => {
    let inside = 0;
    const seen: number[] = [];
    const work = async () => {
      inside += 1;
      await setImmediate();
      seen.push(inside);
      inside -= 1;
    };
    await Promise.all([run(work), run(work), run(work)]);
    expect(seen).toEqual([1, 1, 1]);
  });

  it("calls onWait once, no matter how long it waits", async () => {
    heldBy(process.ppid, Date.now());
    duringPause(3, () => {
      rmSync(lock, { recursive: true });
    });
    const onWait = jest.fn();
    await run(() => Promise.resolve(), onWait);
    expect(onWait).toHaveBeenCalledTimes(1);
  });

  it("returns the result of the work", async () => {
    await expect(run(() => Promise.resolve("done"))).resolves.toBe("done");
  });

  it("removes the lock even if the work fails", async () => {
    await run(() => Promise.reject(new Error("broken"))).catch(() => undefined);
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    [
      "of a process that has exited",
      () => {
        heldBy(spawnSync("true").pid, Date.now());
      },
    ],
    [
      "that is older than the limit",
      () => {
        heldBy(process.ppid, Date.now() - limitMs - 1);
      },
    ],
    [
      "of an earlier process with the same process ID",
      () => {
        heldBy(process.pid, Date.now() - process.uptime() * 1000 - 1);
      },
    ],
    [
      "without a holder",
      () => {
        mkdirSync(lock);
      },
    ],
  ])("acquires a lock %s without waiting", async (_, arrange) => {
    arrange();
    const onWait = jest.fn();
    await run(() => Promise.resolve(), onWait);
    expect(onWait).not.toHaveBeenCalled();
  });

  it("does not acquire the lock of a running process", async () => {
    heldBy(process.ppid, Date.now());
    const order: string[] = [];
    await run(
      () => Promise.resolve(order.push("enters")),
      () => {
        order.push("waits");
        rmSync(lock, { recursive: true });
      },
    );
    expect(order).toEqual(["waits", "enters"]);
  });

  it("fails at the limit, and says what to remove", async () => {
    mkdirSync(lock);
    writeFileSync(join(lock, "not-a-holder"), "");
    const attempt = withLock(lock, { limitMs: 0, onWait: () => undefined }, () => Promise.resolve());
    await expect(attempt).rejects.toThrow(`remove "${lock}"`);
  });
});

/** Runs `action` in one of the pauses between two checks of the lock. */
function duringPause(count: number, action: () => void): void {
  let pauses = 0;
  jest.mocked(pause).mockImplementation(async () => {
    pauses += 1;
    if (pauses === count) action();
    await setImmediate();
  });
}
