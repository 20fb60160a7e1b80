import type { CallOptions } from "../../src/cloudflare/client";
import { createTunnelLists } from "../../src/cloudflare/tunnel-lists";
import { accountId, otherAccountId, silent, startTimedReads, type TimedReadsOptions, tunnel } from "./timed-reads";

const BATCH_WAIT_MS = 2_000;

describe("createTunnelLists()", () => {
  function start({ parallel = 2, ...options }: TimedReadsOptions & { readonly parallel?: number } = {}) {
    const reads = startTimedReads(options);
    const { clock, list, get, passed } = reads;
    const lists = createTunnelLists({
      list,
      get,
      now: clock.now,
      sleep: clock.sleep,
      lagWaitMs: 1_000,
      batchWaitMs: BATCH_WAIT_MS,
      quietMs: 20,
      parallel,
    });

    /** A generation and the read that verifies it: when the generation ended, and when the read was sent and ended. */
    async function verified(index: number, generationMs: number, account = accountId) {
      await lists.duringChange(() => clock.sleep(generationMs));
      const generatedAt = passed();
      const seen = await lists.readAfter(tunnel(index, account), silent);
      return { generatedAt, sentAt: Number(seen?.lastGeneratedOn), readAt: passed() };
    }
    return { ...reads, lists, verified };
  }

  describe("readAfter()", () => {
    it("immediately reads the tunnel of a key that is generated alone", async () => {
      const { verified, finish, calls } = start();

      await finish(verified(3, 500));

      expect(calls).toEqual(["500 ms: get 3"]);
    });

    it("waits for others to join after the first read", async () => {
      const { verified, finish, calls } = start();

      await finish(verified(3, 500));
      await finish(verified(4, 500));

      expect(calls).toEqual(["500 ms: get 3", "1120 ms: get 4"]);
    });

    it("returns `undefined` for a single tunnel that is gone", async () => {
      const { lists, finish } = start();

      expect(await finish(lists.readAfter(tunnel(99), silent))).toEqual([undefined]);
    });

    it.each([
      ["at the same time", [500, 500, 500, 500, 500, 500, 500, 500]],
      ["one after the other", [300, 350, 400, 450, 500, 550, 600, 650]],
      ["in any order", [650, 300, 620, 310, 400, 640, 500, 630]],
    ])("reads one list for 8 generations that end %s", async (_what, generationsMs) => {
      const { verified, finish, calls } = start();

      await finish(...generationsMs.map((ms, index) => verified(index, ms)));

      expect(calls).toEqual([`${Math.max(...generationsMs)} ms: list a`]);
    });

    it("reads one list for each wave of generations", async () => {
      const { verified, finish, calls } = start();
      const worker = async (index: number) => {
        for (let wave = 0; wave < 3; wave++) await verified(index, 500 + index * 10);
      };

      await finish(...[0, 1, 2, 3, 4, 5, 6, 7].map(worker));

      expect(calls).toEqual(["570 ms: list a", "1240 ms: list a", "1910 ms: list a"]);
    });

    it("sends no read before the generation that it verifies has ended", async () => {
      const { verified, finish } = start();
      const waves = [
        [500, 200, 1_700, 900, 2_600, 40, 3_000, 2_590],
        [10, 2_010, 4_010, 30, 20, 15, 2_030, 2_020],
      ];

      const reads = await finish(...waves.flatMap((wave) => wave.map((ms, index) => verified(index, ms))));

      for (const { generatedAt, sentAt } of reads) expect(sentAt).toBeGreaterThanOrEqual(generatedAt);
    });

    it("waits for a generation that hangs no longer than batchWaitMs", async () => {
      const { verified, finish, calls } = start();

      const [hanging, ...others] = await finish(
        verified(0, 40_000),
        ...[1, 2, 3].map((index) => verified(index, 400 + index * 100)),
      );

      expect(calls).toEqual([`${500 + BATCH_WAIT_MS} ms: list a`, "40020 ms: get 0"]);
      expect(others.map(({ readAt }) => readAt)).toEqual([2_600, 2_600, 2_600]);
      expect(hanging?.readAt).toBe(40_120);
    });

    it("starts another wait for reads that come after a batch", async () => {
      const { verified, finish, calls } = start();

      await finish(verified(0, 40_000), verified(1, 500), verified(2, 2_600), verified(3, 2_700));

      expect(calls).toEqual(["2500 ms: get 1", "4600 ms: list a", "40020 ms: get 0"]);
    });

    it("does not end a wait early because an earlier one is over", async () => {
      const { lists, verified, finish, clock, calls } = start();

      await finish(lists.readAfter(tunnel(1), silent));
      await clock.advance(880);
      await finish(verified(2, 40_000), verified(3, 100));

      expect(calls).toEqual(["0 ms: get 1", "3080 ms: get 3", "41000 ms: get 2"]);
    });

    describe("when Pulumi starts operations one by one", () => {
      const oneByOne = ({ clock, lists }: ReturnType<typeof start>, count: number) =>
        Array.from({ length: count }, async (_, index) => {
          await clock.sleep(index * 10);
          return lists.readAfter(tunnel(index), silent);
        });

      it("waits until no other read can join, and no longer", async () => {
        const started = start({ parallel: 4 });

        await started.finish(...oneByOne(started, 5));

        expect(started.calls).toEqual(["0 ms: get 0", "40 ms: list a"]);
      });

      it("waits a moment for reads that do not come", async () => {
        const started = start({ parallel: 8 });

        for (let wave = 0; wave < 3; wave++) await started.finish(...oneByOne(started, 4));

        // Each wave's last read comes 30 ms after its first, and its list takes 100 ms.
        const lists = [50, 200, 350].map((ms) => `${ms} ms: list a`);
        expect(started.calls).toEqual(["0 ms: get 0", ...lists]);
      });

      it("reads again at once when more have joined than can", async () => {
        const started = start({ parallel: 2 });
        await started.finish(started.lists.readAfter(tunnel(0), silent));

        await started.finish(...oneByOne(started, 4));

        expect(started.calls.slice(1)).toEqual(["110 ms: list a", "130 ms: list a"]);
      });
    });

    it("does not wait for a generation that has failed", async () => {
      const { lists, finish, clock, calls } = start();
      const failing = lists.duringChange(() => clock.sleep(500).then(() => Promise.reject(new Error("refused"))));

      await finish(
        lists.readAfter(tunnel(1), silent),
        failing.catch(() => undefined),
      );

      expect(calls).toEqual(["520 ms: get 1"]);
    });

    it("reads a list for each account, and one tunnel if its read is not shared", async () => {
      const { verified, finish, calls } = start();

      await finish(verified(1, 500), verified(2, 500), verified(1, 500, otherAccountId));
      await finish(verified(1, 500), verified(2, 500), ...[3, 4].map((index) => verified(index, 500, otherAccountId)));

      expect(calls.map((call) => call.replace(/^\d+ ms: /, ""))).toEqual(["list a", "get 1", "list a", "list b"]);
    });

    it("reads a tunnel itself if the shared list does not have it, and only that one", async () => {
      const { lists, finish, calls } = start();
      await finish(lists.readAfter(tunnel(0), silent));

      const seen = await finish(...[1, 9].map((index) => lists.readAfter(tunnel(index), silent)));

      expect(seen.map((found) => found?.id)).toEqual([tunnel(1).ipsecTunnelId, tunnel(9).ipsecTunnelId]);
      expect(calls.slice(1)).toEqual(["100 ms: list a", "200 ms: get 9"]);
    });

    it("rejects only the read whose tunnel cannot be read", async () => {
      const failure = new Error("no response");
      const { lists, finish, calls } = start({ fail: () => (calls.at(-1)?.endsWith("get 9") ? failure : undefined) });
      await finish(lists.readAfter(tunnel(0), silent));
      const reads = [1, 9].map((index) => lists.readAfter(tunnel(index), silent).catch((error: unknown) => error));

      expect(await finish(...reads)).toEqual([expect.objectContaining({ id: tunnel(1).ipsecTunnelId }), failure]);
    });

    it("rejects all reads that share a list that failed, and reads again for the next ones", async () => {
      let failure: Error | undefined = new Error("no response");
      const { verified, finish, calls } = start({ fail: () => failure });
      const outcomes = [1, 2, 3].map((index) => verified(index, 500).catch((error: unknown) => error));

      expect(await finish(...outcomes)).toEqual([failure, failure, failure]);
      failure = undefined;
      await finish(verified(1, 500), verified(2, 500));

      expect(calls).toHaveLength(2);
    });

    it("reports Cloudflare's waits to all that share a call, and announces through the first", async () => {
      const { lists, finish, given } = start();
      const heard: string[] = [];
      const listener = (name: string): CallOptions => ({
        announce: (line) => heard.push(`${name} announces ${line}`),
        onCloudflareWait: (ms) => heard.push(`${name} waits ${ms}`),
      });
      await finish(lists.readAfter(tunnel(0), silent));
      await finish(...["1", "2"].map((name) => lists.readAfter(tunnel(Number(name)), listener(name))));

      given[1]?.announce("x");
      given[1]?.onCloudflareWait?.(7);

      expect(heard).toEqual(["1 announces x", "1 waits 7", "2 waits 7"]);
    });
  });

  describe("list() of a recent list", () => {
    const recent = ({ lists }: ReturnType<typeof start>, account = accountId) => lists.list(account, "recent", silent);

    it("is shared by all calls that arrive before its response", async () => {
      const started = start();

      const [first, ...others] = await started.finish(...[1, 2, 3, 4].map(() => recent(started)));

      expect(first?.tunnels).toContainEqual({ id: tunnel(1).ipsecTunnelId, lastGeneratedOn: "0" });
      expect(others.every((list) => list === first)).toBe(true);
      expect(started.calls).toEqual(["0 ms: list a"]);
    });

    it("is reused for 10 s after it was sent", async () => {
      const started = start();
      const { finish, clock, calls } = started;

      await finish(recent(started));
      await clock.advance(9_899);
      await finish(recent(started));
      expect(calls).toEqual(["0 ms: list a"]);
      await clock.advance(1);
      await finish(recent(started));
      expect(calls).toEqual(["0 ms: list a", "10000 ms: list a"]);
    });

    it("is not reused after a change", async () => {
      const started = start();
      const { lists, finish, calls } = started;

      await finish(recent(started));
      await lists.duringChange(() => Promise.resolve());
      await finish(recent(started));

      expect(calls).toEqual(["0 ms: list a", "100 ms: list a"]);
    });

    it("is not reused after a failed change, which may have taken effect", async () => {
      const started = start();
      const { lists, finish, calls } = started;

      await finish(recent(started));
      await lists.duringChange(() => Promise.reject(new Error("lost"))).catch(() => undefined);
      await finish(recent(started));

      expect(calls).toHaveLength(2);
    });

    it("is not reused if it was sent during a change", async () => {
      const started = start();
      const { lists, finish, clock, calls } = started;
      const change = lists.duringChange(() => clock.sleep(500));

      await finish(recent(started));
      await finish(recent(started));
      await finish(change);
      await finish(recent(started));

      expect(calls).toEqual(["0 ms: list a", "100 ms: list a", "500 ms: list a"]);
    });

    it("is one of its account", async () => {
      const started = start();

      await started.finish(recent(started), recent(started, otherAccountId));

      expect(started.calls).toEqual(["0 ms: list a", "0 ms: list b"]);
    });

    it("rejects all calls that share one that failed", async () => {
      const failure = new Error("no response");
      const started = start({ fail: () => failure });
      const outcomes = [1, 2].map(() => recent(started).catch((error: unknown) => error));

      expect(await started.finish(...outcomes)).toEqual([failure, failure]);
      expect(started.calls).toEqual(["0 ms: list a"]);
    });
  });

  describe("list() of recent names", () => {
    const names = ({ lists }: ReturnType<typeof start>) => lists.list(accountId, "recentNames", silent);

    it("is reused for 10 s after it was sent", async () => {
      const started = start();
      const { finish, clock, calls } = started;

      await finish(names(started), names(started));
      await clock.advance(9_899);
      await finish(names(started));
      expect(calls).toEqual(["0 ms: list a"]);
      await clock.advance(1);
      await finish(names(started));
      expect(calls).toEqual(["0 ms: list a", "10000 ms: list a"]);
    });

    it("is reused during a change and after it, because a key changes no name", async () => {
      const started = start();
      const { lists, finish, clock, calls } = started;

      await finish(names(started));
      const change = lists.duringChange(() => clock.sleep(500));
      await finish(names(started));
      await finish(change);
      await finish(names(started));

      expect(calls).toEqual(["0 ms: list a"]);
    });

    it.each(["recent", "fresh"] as const)("is the last %s list", async (policy) => {
      const started = start();
      const { lists, finish, calls } = started;

      await finish(lists.list(accountId, policy, silent));
      await finish(names(started));

      expect(calls).toEqual(["0 ms: list a"]);
    });
  });

  describe("list() of the first list", () => {
    const first = ({ lists }: ReturnType<typeof start>, account = accountId) => lists.list(account, "once", silent);

    it("is the same however old it is, and whatever has changed since", async () => {
      const started = start();
      const { lists, finish, clock, calls } = started;

      await finish(first(started));
      await lists.duringChange(() => Promise.resolve());
      await clock.advance(3_600_000);
      await finish(first(started), first(started, otherAccountId));

      expect(calls).toEqual(["0 ms: list a", "3600100 ms: list b"]);
    });

    it("is the last one that has arrived, if there is one, and not one that failed", async () => {
      const failures: Error[] = [];
      const started = start({ fail: () => failures.pop() });
      const fresh = () => started.lists.list(accountId, "fresh", silent).catch(() => undefined);
      await started.finish(fresh());
      const [last] = await started.finish(fresh());
      failures.push(new Error("no response"));
      await started.finish(fresh());

      const [shown] = await started.finish(first(started));

      expect(shown).toBe(last);
      expect(started.calls).toHaveLength(3);
    });

    it("is the same even if it failed, which no recent list shares", async () => {
      const failures = [new Error("no response")];
      const started = start({ fail: () => failures.pop() });
      const outcome = () => first(started).catch((error: unknown) => error);

      const [failure] = await started.finish(outcome());

      expect(failure).toEqual(new Error("no response"));
      expect(await started.finish(outcome())).toEqual([failure]);
      expect(await started.finish(started.lists.list(accountId, "recent", silent))).toEqual([
        expect.objectContaining({ unreadable: new Map() }),
      ]);
      expect(started.calls).toHaveLength(2);
    });
  });

  describe("list() of a second list", () => {
    it("is sent once, the lag wait after it was asked for", async () => {
      const { lists, finish, calls, clock } = start();
      const again = (account = accountId) => lists.list(account, "again", silent);
      await finish(lists.list(accountId, "once", silent));

      const [one, other] = await finish(again(), again());
      await clock.advance(3_600_000);
      const [later] = await finish(again());

      expect([other, later]).toEqual([one, one]);
      expect(calls).toEqual(["0 ms: list a", "1100 ms: list a"]);
    });
  });

  describe("list() of a fresh list", () => {
    it("is sent after the call, and shared by all that wait, as by those that read a tunnel", async () => {
      const { lists, finish, calls } = start({ parallel: 3 });
      const fresh = () => lists.list(accountId, "fresh", silent);
      await finish(fresh());

      const read = lists.readAfter(tunnel(1), silent);
      const [one, other] = await finish(fresh(), fresh());

      expect(one).toBe(other);
      expect(one?.tunnels).toContainEqual(await read);
      expect(calls).toEqual(["0 ms: list a", "100 ms: list a"]);
    });

    it("is recent from then on", async () => {
      const { lists, finish, calls } = start();

      await finish(lists.list(accountId, "fresh", silent));
      await finish(lists.list(accountId, "recent", silent));

      expect(calls).toEqual(["0 ms: list a"]);
    });
  });

  describe("duringChange()", () => {
    it("passes on what a generation returns or throws", async () => {
      const { lists } = start();

      expect(await lists.duringChange(() => Promise.resolve("key"))).toBe("key");
      await expect(lists.duringChange(() => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
    });
  });
});
