import type { CallOptions } from "../../src/cloudflare/client";
import type { TunnelRef } from "../../src/cloudflare/ipsec-tunnels";
import { createTunnelReader } from "../../src/cloudflare/tunnel-reader";
import { createFakeClock } from "../support/fake-clock";

const BATCH_WAIT_MS = 2_000;
const accountId = "a".repeat(32);
const otherAccountId = "b".repeat(32);
const silent: CallOptions = { announce: () => undefined };

describe("createTunnelReader()", () => {
  /** An account whose every tunnel carries the time at which it was read, in milliseconds since the start. */
  function start({
    latencyMs = 100,
    fail = () => undefined,
    atOnce = 2,
  }: {
    readonly latencyMs?: number;
    readonly fail?: () => Error | undefined;
    readonly atOnce?: number;
  } = {}) {
    const clock = createFakeClock();
    const startedAt = clock.now();
    const passed = () => clock.now() - startedAt;
    const calls: string[] = [];
    const given: CallOptions[] = [];

    async function answer<T>(call: string, options: CallOptions, of: (sentAt: string) => T): Promise<T> {
      const sentAt = String(passed());
      calls.push(`${sentAt} ms: ${call}`);
      given.push(options);
      await clock.sleep(latencyMs);
      const failure = fail();
      if (failure !== undefined) throw failure;
      return of(sentAt);
    }
    const reader = createTunnelReader({
      list: (account, options) =>
        answer(`list ${account.slice(0, 1)}`, options, (sentAt) =>
          [0, 1, 2, 3, 4, 5, 6, 7].map((index) => ({ id: tunnel(index).ipsecTunnelId, lastGeneratedOn: sentAt })),
        ),
      get: ({ ipsecTunnelId }, options) =>
        answer(`get ${Number.parseInt(ipsecTunnelId, 16)}`, options, (sentAt) =>
          ipsecTunnelId === tunnel(99).ipsecTunnelId ? undefined : { id: ipsecTunnelId, lastGeneratedOn: sentAt },
        ),
      now: clock.now,
      sleep: clock.sleep,
      batchWaitMs: BATCH_WAIT_MS,
      quietMs: 20,
      atOnce,
    });

    /** A generation, and the read that verifies it: when each was over or sent. */
    async function verified(index: number, generationMs: number, of = accountId) {
      await reader.generating(() => clock.sleep(generationMs));
      const generatedAt = passed();
      const seen = await reader.readAfter(tunnel(index, of), silent);
      return { generatedAt, sentAt: Number(seen?.lastGeneratedOn), readAt: passed() };
    }
    const finish = <T>(...outcomes: Promise<T>[]) => {
      const all = Promise.all(outcomes);
      all.catch(() => undefined);
      return clock.runUntil(all);
    };
    return { clock, calls, given, reader, verified, finish };
  }

  describe("readAfter", () => {
    it("asks for the tunnel of a key that is generated alone, at once", async () => {
      const { verified, finish, calls } = start();

      await finish(verified(3, 500));

      expect(calls).toEqual(["500 ms: get 3"]);
    });

    it("waits for others to join once it has seen one", async () => {
      const { verified, finish, calls } = start();

      await finish(verified(3, 500));
      await finish(verified(4, 500));

      expect(calls).toEqual(["500 ms: get 3", "1120 ms: get 4"]);
    });

    it("says that a single tunnel is gone", async () => {
      const { reader, finish } = start();

      expect(await finish(reader.readAfter(tunnel(99), silent))).toEqual([undefined]);
    });

    it.each([
      ["at once", [500, 500, 500, 500, 500, 500, 500, 500]],
      ["one after the other", [300, 350, 400, 450, 500, 550, 600, 650]],
      ["in any order", [650, 300, 620, 310, 400, 640, 500, 630]],
    ])("reads one list for a wave of 8 that end %s", async (_what, generationsMs) => {
      const { verified, finish, calls } = start();

      await finish(...generationsMs.map((ms, index) => verified(index, ms)));

      expect(calls).toEqual([`${Math.max(...generationsMs)} ms: list a`]);
    });

    it("reads one list for each wave", async () => {
      const { verified, finish, calls } = start();
      const worker = async (index: number) => {
        for (let wave = 0; wave < 3; wave++) await verified(index, 500 + index * 10);
      };

      await finish(...[0, 1, 2, 3, 4, 5, 6, 7].map(worker));

      expect(calls).toEqual(["570 ms: list a", "1240 ms: list a", "1910 ms: list a"]);
    });

    it("reads nothing before the answer that it verifies", async () => {
      const { verified, finish } = start();
      const waves = [
        [500, 200, 1_700, 900, 2_600, 40, 3_000, 2_590],
        [10, 2_010, 4_010, 30, 20, 15, 2_030, 2_020],
      ];

      const reads = await finish(...waves.flatMap((wave) => wave.map((ms, index) => verified(index, ms))));

      for (const { generatedAt, sentAt } of reads) expect(sentAt).toBeGreaterThanOrEqual(generatedAt);
    });

    it("waits no longer than it may for a generation that hangs", async () => {
      const { verified, finish, calls } = start();

      const [hanging, ...others] = await finish(
        verified(0, 40_000),
        ...[1, 2, 3].map((index) => verified(index, 400 + index * 100)),
      );

      expect(calls).toEqual([`${500 + BATCH_WAIT_MS} ms: list a`, "40020 ms: get 0"]);
      expect(others.map(({ readAt }) => readAt)).toEqual([2_600, 2_600, 2_600]);
      expect(hanging?.readAt).toBe(40_120);
    });

    it("waits anew for those who come after a batch", async () => {
      const { verified, finish, calls } = start();

      await finish(verified(0, 40_000), verified(1, 500), verified(2, 2_600), verified(3, 2_700));

      expect(calls).toEqual(["2500 ms: get 1", "4600 ms: list a", "40020 ms: get 0"]);
    });

    it("does not cut a wait short that began after another one was over", async () => {
      const { reader, verified, finish, clock, calls } = start();

      await finish(reader.readAfter(tunnel(1), silent));
      await clock.advance(880);
      await finish(verified(2, 40_000), verified(3, 100));

      expect(calls).toEqual(["0 ms: get 1", "3080 ms: get 3", "41000 ms: get 2"]);
    });

    describe("where Pulumi starts operations one by one", () => {
      const oneByOne = ({ clock, reader }: ReturnType<typeof start>, count: number) =>
        Array.from({ length: count }, async (_, index) => {
          await clock.sleep(index * 10);
          return reader.readAfter(tunnel(index), silent);
        });

      it("waits for as many as are expected, and no longer", async () => {
        const started = start({ atOnce: 4 });

        await started.finish(...oneByOne(started, 5));

        expect(started.calls).toEqual(["0 ms: get 0", "40 ms: list a"]);
      });

      it("waits a moment for those who do not come, and then expects as many as came, step by step", async () => {
        const started = start({ atOnce: 8 });

        for (let wave = 0; wave < 4; wave++) await started.finish(...oneByOne(started, 4));

        // 1, 8, 5, 4 and 4 are expected; a wave ends 100 ms after its list was sent.
        const lists = [50, 200, 330, 460].map((ms) => `${ms} ms: list a`);
        expect(started.calls).toEqual(["0 ms: get 0", ...lists]);
      });

      it("expects more again when more came", async () => {
        const started = start();

        await started.finish(...[0, 1, 2, 3].map((index) => started.verified(index, 500)));
        await started.finish(...oneByOne(started, 4));

        expect(started.calls).toEqual(["500 ms: list a", "630 ms: list a"]);
      });
    });

    it("does not wait for a generation that has failed", async () => {
      const { reader, finish, clock, calls } = start();
      const failing = reader.generating(() => clock.sleep(500).then(() => Promise.reject(new Error("refused"))));

      await finish(
        reader.readAfter(tunnel(1), silent),
        failing.catch(() => undefined),
      );

      expect(calls).toEqual(["520 ms: get 1"]);
    });

    it("passes on what a generation returns or throws", async () => {
      const { reader } = start();

      expect(await reader.generating(() => Promise.resolve("key"))).toBe("key");
      await expect(reader.generating(() => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
    });

    it("reads a list for each account, and one tunnel where nobody shares", async () => {
      const { verified, finish, calls } = start();

      await finish(verified(1, 500), verified(2, 500), verified(1, 500, otherAccountId));
      await finish(verified(1, 500), verified(2, 500), ...[3, 4].map((index) => verified(index, 500, otherAccountId)));

      expect(calls.map((call) => call.replace(/^\d+ ms: /, ""))).toEqual(["list a", "get 1", "list a", "list b"]);
    });

    it("reads a tunnel itself that the shared list does not tell of, and only that one", async () => {
      const { reader, finish, calls } = start();
      await finish(reader.readAfter(tunnel(0), silent));

      const seen = await finish(...[1, 9].map((index) => reader.readAfter(tunnel(index), silent)));

      expect(seen.map((found) => found?.id)).toEqual([tunnel(1).ipsecTunnelId, tunnel(9).ipsecTunnelId]);
      expect(calls.slice(1)).toEqual(["100 ms: list a", "200 ms: get 9"]);
    });

    it("tells the one whose tunnel cannot be read, and nobody else", async () => {
      const failure = new Error("no answer");
      const { reader, finish, calls } = start({ fail: () => (calls.at(-1)?.endsWith("get 9") ? failure : undefined) });
      await finish(reader.readAfter(tunnel(0), silent));
      const reads = [1, 9].map((index) => reader.readAfter(tunnel(index), silent).catch((error: unknown) => error));

      expect(await finish(...reads)).toEqual([expect.objectContaining({ id: tunnel(1).ipsecTunnelId }), failure]);
    });

    it("does not mind ids in another case", async () => {
      const id = "abcdef".padEnd(32, "0");
      const reader = createTunnelReader({
        list: () => Promise.resolve([{ id }]),
        get: () => Promise.resolve(undefined),
        now: () => 0,
        sleep: () => Promise.resolve(),
        batchWaitMs: 0,
        quietMs: 0,
        atOnce: 2,
      });
      const inUpperCase = { accountId, ipsecTunnelId: id.toUpperCase() };
      await reader.readAfter(inUpperCase, silent);

      const reads = [reader.readAfter(inUpperCase, silent), reader.readAfter(inUpperCase, silent)];

      expect(await Promise.all([...reads, reader.listed(inUpperCase, silent)])).toEqual([{ id }, { id }, { id }]);
    });

    it("reads one list for an account that is written in two cases", async () => {
      const { reader, finish, calls } = start();
      await finish(reader.readAfter(tunnel(0), silent));

      await finish(
        ...[accountId, accountId.toUpperCase()].map((account) => reader.readAfter(tunnel(1, account), silent)),
      );

      expect(calls.slice(1)).toEqual(["100 ms: list a"]);
    });

    it("tells all who share a list that it failed, and reads again for the next ones", async () => {
      let failure: Error | undefined = new Error("no answer");
      const { verified, finish, calls } = start({ fail: () => failure });
      const outcomes = [1, 2, 3].map((index) => verified(index, 500).catch((error: unknown) => error));

      expect(await finish(...outcomes)).toEqual([failure, failure, failure]);
      failure = undefined;
      await finish(verified(1, 500), verified(2, 500));

      expect(calls).toHaveLength(2);
    });

    it("tells all who share a call of Cloudflare's waits; the first one speaks for them", async () => {
      const { reader, finish, given } = start();
      const heard: string[] = [];
      const listener = (name: string): CallOptions => ({
        announce: (line) => heard.push(`${name} announces ${line}`),
        onCloudflareWait: (ms) => heard.push(`${name} waits ${ms}`),
      });
      await finish(reader.readAfter(tunnel(0), silent));
      await finish(...["1", "2"].map((name) => reader.readAfter(tunnel(Number(name)), listener(name))));

      given[1]?.announce("x");
      given[1]?.onCloudflareWait?.(7);

      expect(heard).toEqual(["1 announces x", "1 waits 7", "2 waits 7"]);
    });
  });

  describe("listed", () => {
    it("shares one list among all who ask meanwhile", async () => {
      const { reader, finish, calls } = start();

      const seen = await finish(...[1, 2, 3, 4].map((index) => reader.listed(tunnel(index), silent)));

      expect(seen.map((found) => found?.id)).toEqual([1, 2, 3, 4].map((index) => tunnel(index).ipsecTunnelId));
      expect(calls).toEqual(["0 ms: list a"]);
    });

    it("says that a tunnel is not in the list", async () => {
      const { reader, finish } = start();

      expect(await finish(reader.listed(tunnel(99), silent))).toEqual([undefined]);
    });

    it("uses a list again for 10 s from its sending", async () => {
      const { reader, finish, clock, calls } = start();
      const ask = () => finish(reader.listed(tunnel(1), silent));

      await ask();
      await clock.advance(9_899);
      await ask();
      expect(calls).toEqual(["0 ms: list a"]);
      await clock.advance(1);
      await ask();
      expect(calls).toEqual(["0 ms: list a", "10000 ms: list a"]);
    });

    it("does not use a list again once something was generated", async () => {
      const { reader, finish, calls } = start();

      await finish(reader.listed(tunnel(1), silent));
      await reader.generating(() => Promise.resolve());
      await finish(reader.listed(tunnel(1), silent));

      expect(calls).toEqual(["0 ms: list a", "100 ms: list a"]);
    });

    it("does not use a list again once a generation has failed, which may have taken effect", async () => {
      const { reader, finish, calls } = start();

      await finish(reader.listed(tunnel(1), silent));
      await reader.generating(() => Promise.reject(new Error("lost"))).catch(() => undefined);
      await finish(reader.listed(tunnel(1), silent));

      expect(calls).toHaveLength(2);
    });

    it("does not use a list that was sent during a generation", async () => {
      const { reader, finish, clock, calls } = start();
      const generation = reader.generating(() => clock.sleep(500));

      await finish(reader.listed(tunnel(1), silent));
      await finish(reader.listed(tunnel(1), silent));
      await finish(generation);
      await finish(reader.listed(tunnel(1), silent));

      expect(calls).toEqual(["0 ms: list a", "100 ms: list a", "500 ms: list a"]);
    });

    it("keeps accounts apart", async () => {
      const { reader, finish, calls } = start();

      await finish(...[accountId, otherAccountId].map((account) => reader.listed(tunnel(1, account), silent)));

      expect(calls).toEqual(["0 ms: list a", "0 ms: list b"]);
    });

    it("uses one list for an account that is written in two cases", async () => {
      const { reader, finish, calls } = start();

      await finish(...[accountId, accountId.toUpperCase()].map((account) => reader.listed(tunnel(1, account), silent)));

      expect(calls).toEqual(["0 ms: list a"]);
    });

    it("tells all who ask that a list failed", async () => {
      const failure = new Error("no answer");
      const { reader, finish, calls } = start({ fail: () => failure });
      const outcomes = [1, 2].map((index) => reader.listed(tunnel(index), silent).catch((error: unknown) => error));

      expect(await finish(...outcomes)).toEqual([failure, failure]);
      expect(calls).toEqual(["0 ms: list a"]);
    });
  });
});

function tunnel(index: number, account = accountId): TunnelRef {
  return { accountId: account, ipsecTunnelId: index.toString(16).padStart(32, "0") };
}
