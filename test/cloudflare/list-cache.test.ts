import { createListCache } from "../../src/cloudflare/list-cache";
import { accountId, otherAccountId, silent, startTimedReads, type TimedReadsOptions, tunnel } from "./timed-reads";

describe("createListCache()", () => {
  function start(options: TimedReadsOptions = {}) {
    const reads = startTimedReads(options);
    return { ...reads, cache: createListCache({ list: reads.list, now: reads.clock.now }) };
  }

  describe("find()", () => {
    it("shares a list among all calls that arrive before its response", async () => {
      const { cache, finish, calls } = start();

      const seen = await finish(...[1, 2, 3, 4].map((index) => cache.find(tunnel(index), silent)));

      expect(seen.map((found) => found?.id)).toEqual([1, 2, 3, 4].map((index) => tunnel(index).ipsecTunnelId));
      expect(calls).toEqual(["0 ms: list a"]);
    });

    it("returns `undefined` if the list does not have the tunnel", async () => {
      const { cache, finish } = start();

      expect(await finish(cache.find(tunnel(99), silent))).toEqual([undefined]);
    });

    it("reuses a list for 10 s after it was sent", async () => {
      const { cache, finish, clock, calls } = start();
      const ask = () => finish(cache.find(tunnel(1), silent));

      await ask();
      await clock.advance(9_899);
      await ask();
      expect(calls).toEqual(["0 ms: list a"]);
      await clock.advance(1);
      await ask();
      expect(calls).toEqual(["0 ms: list a", "10000 ms: list a"]);
    });

    it("does not reuse a list after a generation", async () => {
      const { cache, finish, calls } = start();

      await finish(cache.find(tunnel(1), silent));
      await cache.duringGeneration(() => Promise.resolve());
      await finish(cache.find(tunnel(1), silent));

      expect(calls).toEqual(["0 ms: list a", "100 ms: list a"]);
    });

    it("does not reuse a list after a failed generation, which may have taken effect", async () => {
      const { cache, finish, calls } = start();

      await finish(cache.find(tunnel(1), silent));
      await cache.duringGeneration(() => Promise.reject(new Error("lost"))).catch(() => undefined);
      await finish(cache.find(tunnel(1), silent));

      expect(calls).toHaveLength(2);
    });

    it("does not reuse a list that was sent during a generation", async () => {
      const { cache, finish, clock, calls } = start();
      const generation = cache.duringGeneration(() => clock.sleep(500));

      await finish(cache.find(tunnel(1), silent));
      await finish(cache.find(tunnel(1), silent));
      await finish(generation);
      await finish(cache.find(tunnel(1), silent));

      expect(calls).toEqual(["0 ms: list a", "100 ms: list a", "500 ms: list a"]);
    });

    it("keeps accounts apart", async () => {
      const { cache, finish, calls } = start();

      await finish(...[accountId, otherAccountId].map((account) => cache.find(tunnel(1, account), silent)));

      expect(calls).toEqual(["0 ms: list a", "0 ms: list b"]);
    });

    it("sends one list for an account that is written in two cases", async () => {
      const { cache, finish, calls } = start();

      await finish(...[accountId, accountId.toUpperCase()].map((account) => cache.find(tunnel(1, account), silent)));

      expect(calls).toEqual(["0 ms: list a"]);
    });

    it("rejects all calls that share a list that failed", async () => {
      const failure = new Error("no response");
      const { cache, finish, calls } = start({ fail: () => failure });
      const outcomes = [1, 2].map((index) => cache.find(tunnel(index), silent).catch((error: unknown) => error));

      expect(await finish(...outcomes)).toEqual([failure, failure]);
      expect(calls).toEqual(["0 ms: list a"]);
    });

    it("finds a tunnel whose ID is written in another case", async () => {
      const id = "abcdef".padEnd(32, "0");
      const cache = createListCache({ list: () => Promise.resolve([{ id }]), now: () => 0 });

      expect(await cache.find({ accountId, ipsecTunnelId: id.toUpperCase() }, silent)).toEqual({ id });
    });
  });

  describe("duringGeneration()", () => {
    it("passes on what a generation returns or throws", async () => {
      const { cache } = start();

      expect(await cache.duringGeneration(() => Promise.resolve("key"))).toBe("key");
      await expect(cache.duringGeneration(() => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
    });
  });
});
