import { createLifecycle, idOf, type TunnelRef, type Tunnels } from "../../src/psk/lifecycle";
import { STATE_VERSION } from "../../src/psk/state";
import { rejectionOf } from "../support/failure-of";
import { accountId, ipsecTunnelId, storedState } from "./support";

const tunnel = { accountId, ipsecTunnelId };
const generated = {
  psk: "fake-new-key-for-tests-only",
  lastGeneratedOn: "2026-06-01T00:00:00.5Z",
  ipsecId: `33145236_${ipsecTunnelId}`,
};

describe("createLifecycle()", () => {
  describe("check", () => {
    it("finds mistakes", () => {
      expect(
        start()
          .lifecycle.check({ accountId })
          .map(({ property }) => property),
      ).toEqual(["ipsecTunnelId"]);
    });
  });

  describe("diff", () => {
    it("plans from the state, and asks nobody", () => {
      const { lifecycle, calls } = start();

      expect(lifecycle.diff(storedState, tunnel)).toEqual({ kind: "keep" });
      expect(lifecycle.diff(storedState, { ...tunnel, rotationTriggers: { a: "1" } }).kind).toBe("generate");
      expect(calls).toEqual([]);
    });

    it("does not guess at a damaged state", () => {
      expect(() => start().lifecycle.diff({}, tunnel)).toThrow("ERR_INVALID_STATE");
    });
  });

  describe("create", () => {
    it("generates once, and stores the key with what the next diff needs", async () => {
      const { lifecycle, calls } = start();

      const state = await lifecycle.create({ ...tunnel, rotationTriggers: { a: "1" }, preflight: false });

      expect(state).toStrictEqual({
        ...tunnel,
        ...generated,
        rotationTriggers: { a: "1" },
        status: "unverified",
        stateVersion: STATE_VERSION,
      });
      expect(calls).toStrictEqual([["generate", tunnel]]);
    });

    it("stores the key alone where Cloudflare sends no more", async () => {
      const { lifecycle } = start({ generate: () => Promise.resolve({ psk: generated.psk }) });

      expect(await lifecycle.create(tunnel)).toStrictEqual({
        ...tunnel,
        psk: generated.psk,
        status: "unverified",
        stateVersion: STATE_VERSION,
      });
    });

    it("plans nothing for what it has stored", async () => {
      const { lifecycle } = start();
      const inputs = { ...tunnel, rotationTriggers: { a: "1" } };

      expect(lifecycle.diff(await lifecycle.create(inputs), inputs)).toEqual({ kind: "keep" });
    });

    it("passes a failure on", async () => {
      const { lifecycle } = start({ generate: () => Promise.reject(new Error("lost")) });

      await expect(lifecycle.create(tunnel)).rejects.toThrow("lost");
    });
  });

  describe("read", () => {
    it("carries the key and its time stamp along", async () => {
      const { lifecycle, calls } = start();

      expect(await lifecycle.read(storedState)).toStrictEqual(storedState);
      expect(calls).toStrictEqual([["exists", tunnel]]);
    });

    it("says that a tunnel is gone", async () => {
      const { lifecycle } = start({ exists: () => Promise.resolve(false) });

      expect(await lifecycle.read(storedState)).toBeUndefined();
    });

    it("takes a failure for no proof that a tunnel is gone", async () => {
      const { lifecycle } = start({ exists: () => Promise.reject(new Error("no answer")) });

      await expect(lifecycle.read(storedState)).rejects.toThrow("no answer");
    });

    it("does not ask about a damaged state", async () => {
      const { lifecycle, calls } = start();

      expect((await rejectionOf(lifecycle.read({ ...storedState, psk: undefined }))).code).toBe("ERR_INVALID_STATE");
      expect(calls).toEqual([]);
    });
  });

  describe("update", () => {
    it("generates for a changed trigger, and keeps nothing of the old key", async () => {
      const { lifecycle, calls } = start({ generate: () => Promise.resolve({ psk: generated.psk }) });
      const old = { ...storedState, rotationTriggers: { a: "1" } };

      const state = await lifecycle.update(old, { ...tunnel, rotationTriggers: { a: "2" } });

      expect(state).toStrictEqual({
        ...tunnel,
        rotationTriggers: { a: "2" },
        psk: generated.psk,
        status: "unverified",
        stateVersion: STATE_VERSION,
      });
      expect(calls).toStrictEqual([["generate", tunnel]]);
    });

    it("forgets a removed trigger", async () => {
      const old = { ...storedState, rotationTriggers: { a: "1" } };

      expect(await start().lifecycle.update(old, tunnel)).not.toHaveProperty("rotationTriggers");
    });

    it("keeps the key where nothing asks for another", async () => {
      const { lifecycle, calls } = start();

      expect(await lifecycle.update(storedState, { ...tunnel, preflight: false })).toStrictEqual(storedState);
      expect(calls).toEqual([]);
    });
  });
});

describe("idOf()", () => {
  it("names account and tunnel", () => {
    expect(idOf({ ...tunnel })).toBe(`${accountId}/${ipsecTunnelId}`);
  });
});

/** A lifecycle over tunnels that exist and get the key above, and the calls that it makes. */
function start(answers: Partial<Tunnels> = {}) {
  const calls: [string, TunnelRef][] = [];
  const { generate = () => Promise.resolve(generated), exists = () => Promise.resolve(true) } = answers;
  const lifecycle = createLifecycle({
    generate: (ref) => {
      calls.push(["generate", ref]);
      return generate(ref);
    },
    exists: (ref) => {
      calls.push(["exists", ref]);
      return exists(ref);
    },
  });
  return { lifecycle, calls };
}
