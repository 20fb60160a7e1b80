import type { Inputs } from "../../src/psk/inputs";
import { idOf, createLifecycle } from "../../src/psk/lifecycle";
import { PartialFailure } from "../../src/psk/partial-failure";
import { DEFAULT_LIMITS, type Limits } from "../../src/psk/limits";
import { STATE_VERSION, type StoredState } from "../../src/psk/state";
import { everythingIn, rejectionOf } from "../support/failure-of";
import { failure, gone, keyless, keyOf, lostAnswer, type Script, sightOf, startEdge } from "./scripted-tunnels";
import { accountId, bareState, fakeKey, ipsecTunnelId, storedState } from "./support";

const tunnel = { accountId, ipsecTunnelId };
const ipsecId = `33145236_${ipsecTunnelId}`;
const generated = { ...keyOf(3), ipsecId };
const adopt = { ...keyOf(2), psk: "fake-adopted-key-for-tests-only" };
/** A resource with the key of the first generation, and a trigger. */
const before: StoredState = { ...storedState, ...keyOf(1), rotationTriggers: { a: "1" }, status: "active" };
const unchanged: Inputs = { ...tunnel, rotationTriggers: { a: "1" } };
const rotating: Inputs = { ...tunnel, rotationTriggers: { a: "2" } };

describe("createLifecycle()", () => {
  describe("diff", () => {
    it("plans from the state, and asks nobody", () => {
      const { lifecycle, calls } = start();

      expect(lifecycle.diff(before, unchanged)).toEqual({ kind: "keep" });
      expect(lifecycle.diff(before, rotating).kind).toBe("generate");
      expect(calls).toEqual([]);
    });

    it("goes by the clock", async () => {
      const { lifecycle, clock } = start();
      const inputs = { ...unchanged, rotateAfterDays: 1 };

      expect(lifecycle.diff(before, inputs).kind).toBe("keep");
      await clock.advance(12 * 3_600_000);
      expect(lifecycle.diff(before, inputs).kind).toBe("generate");
    });

    it("does not guess at a damaged state", () => {
      expect(() => start().lifecycle.diff({}, tunnel)).toThrow("ERR_INVALID_STATE");
    });
  });

  describe("create", () => {
    it("generates once, verifies, and stores the key with what the next diff needs", async () => {
      const { lifecycle, calls, lines } = start({ generate: [generated], readAfter: [sightOf(3)] });

      const state = await lifecycle.create({
        ...unchanged,
        validateInPreview: false,
        rotateAfterDays: 90,
        onExternalRotation: "fail",
        conduitId: "33145236",
      });

      expect(state).toStrictEqual({ ...unchanged, ...generated, status: "active", stateVersion: STATE_VERSION });
      expect(calls).toEqual(["0 ms: generate", "0 ms: readAfter"]);
      expect(lines).toEqual([]);
    });

    it("stores the key alone where Cloudflare sends no more", async () => {
      const { psk } = generated;
      const { lifecycle } = start({ generate: [{ psk }], readAfter: [keyless] });

      expect(await lifecycle.create(tunnel)).toStrictEqual({
        ...tunnel,
        psk,
        status: "unverified",
        stateVersion: STATE_VERSION,
      });
    });

    it("plans nothing for what it has stored", async () => {
      const { lifecycle } = start({ generate: [generated], readAfter: [sightOf(3)] });

      expect(lifecycle.diff(await lifecycle.create(unchanged), unchanged)).toEqual({ kind: "keep" });
    });

    it("names the tunnel with every line", async () => {
      const { lifecycle, lines } = start({ generate: [generated], readAfter: [failure("ERR_NOT_AUTHORIZED")] });

      await lifecycle.create(tunnel);

      expect(lines).toEqual([expect.stringMatching(`^${ipsecTunnelId}: the key could not be verified`)]);
    });

    it("adopts, and generates nothing", async () => {
      const { lifecycle, calls } = start({ read: [sightOf(2)] });

      const state = await lifecycle.create({ ...unchanged, existingKey });

      expect(state).toStrictEqual({
        ...unchanged,
        ...existingKey,
        status: "active",
        existingKeyGeneratedOn: existingKey.lastGeneratedOn,
        stateVersion: STATE_VERSION,
      });
      expect(calls).toEqual(["0 ms: read"]);
      expect(lifecycle.diff(state, { ...unchanged, existingKey })).toEqual({ kind: "keep" });
    });

    it("does not adopt a key that is not in force", async () => {
      const { lifecycle, calls } = start({ read: [sightOf(3)] });

      const refused = await rejectionOf(lifecycle.create({ ...unchanged, existingKey }));

      expect(refused.code).toBe("ERR_EXISTING_KEY_MISMATCH");
      expect(everythingIn(refused)).not.toContain(existingKey.psk);
      expect(calls).toEqual(["0 ms: read"]);
    });

    it("fails plainly when it is refused, for there is nothing to keep", async () => {
      const refusal = failure("ERR_NOT_AUTHORIZED");

      await expect(start({ generate: [refusal] }).lifecycle.create(tunnel)).rejects.toBe(refusal);
    });

    it("fails plainly when every answer is lost, for the next up creates again", async () => {
      const { outcomeOf, calls, clock, lifecycle } = start({ generate: Array(4).fill(lostAnswer) });

      expect(await outcomeOf(lifecycle.create(tunnel))).toBe(lostAnswer);
      expect(calls.at(-1)).toBe("30000 ms: generate");
      expect(clock.sleepers()).toBe(0);
    });

    it("keeps the last key that was received, though it is superseded", async () => {
      const { lifecycle } = start({ generate: [generated], readAfter: [sightOf(4)] }, { maxGenerations: 1 });

      const { state, cause } = await partialFailureOf(lifecycle.create(unchanged));

      expect(cause.code).toBe("ERR_OVERWRITTEN");
      expect(state).toStrictEqual({
        ...unchanged,
        ...generated,
        status: "superseded",
        supersededOn: sightOf(4).lastGeneratedOn,
        stateVersion: STATE_VERSION,
      });
    });

    it("marks a received key as lost where a straggler of its own may have come after it", async () => {
      const { lifecycle, outcomeOf } = start(
        { generate: [lostAnswer, generated], readAfter: [sightOf(4)] },
        { maxGenerations: 2 },
      );

      const thrown = await outcomeOf(lifecycle.create({ ...unchanged, onExternalRotation: "fail" }));

      expect(thrown).toBeInstanceOf(PartialFailure);
      const { state } = thrown as PartialFailure;
      expect(state).toStrictEqual({ ...unchanged, ...generated, status: "lost", stateVersion: STATE_VERSION });
      // So it is not taken for somebody else's rotation.
      expect(lifecycle.diff(state, { ...unchanged, onExternalRotation: "fail" }).kind).toBe("generate");
    });

    it("keeps the last of the keys that did not suit, which the next up replaces", async () => {
      const { lifecycle } = start({ generate: [1, 2, 3, 4, 5, 6, 7, 8].map(keyOf) });
      const wanting: Inputs = { ...unchanged, compatibleWith: ["aws"] };

      const { state, cause } = await partialFailureOf(lifecycle.create(wanting));

      expect(cause.code).toBe("ERR_UNSUITABLE_PSK");
      expect(state).toStrictEqual({ ...unchanged, ...keyOf(8), status: "unverified", stateVersion: STATE_VERSION });
      expect(lifecycle.diff(state, wanting).kind).toBe("generate");
    });

    it("looks at its limits at each use", async () => {
      let maxGenerations = 4;
      const script = { generate: [keyOf(1), keyOf(3)], readAfter: [sightOf(2), sightOf(4)] };
      const { lifecycle, calls } = start(script, () => ({ ...DEFAULT_LIMITS, maxGenerations }));

      maxGenerations = 1;
      await partialFailureOf(lifecycle.create(tunnel));

      expect(calls).toEqual(["0 ms: generate", "0 ms: readAfter"]);
    });
  });

  describe("read", () => {
    it("carries the key and its time stamp along", async () => {
      const { lifecycle, calls } = start({ listed: [sightOf(1)] });

      expect(await lifecycle.read({ ...before, status: "unverified" })).toStrictEqual(before);
      expect(calls).toEqual(["0 ms: listed"]);
    });

    it("marks a key that somebody else has superseded, and changes nothing else", async () => {
      const { lifecycle } = start({ listed: [sightOf(2)] });

      expect(await lifecycle.read(before)).toStrictEqual({
        ...before,
        status: "superseded",
        supersededOn: sightOf(2).lastGeneratedOn,
      });
    });

    it("says that a tunnel is gone", async () => {
      expect(await start({ listed: [gone], read: [gone] }).lifecycle.read(before)).toBeUndefined();
    });

    it("takes a failure for no proof that a tunnel is gone", async () => {
      const { lifecycle } = start({ listed: [gone], read: [failure("ERR_NO_RESPONSE")] });

      expect((await rejectionOf(lifecycle.read(before))).code).toBe("ERR_NO_RESPONSE");
    });

    it("does not ask about a damaged state", async () => {
      const { lifecycle, calls } = start();

      expect((await rejectionOf(lifecycle.read({ ...before, psk: undefined }))).code).toBe("ERR_INVALID_STATE");
      expect(calls).toEqual([]);
    });
  });

  describe("update", () => {
    it("generates for a changed trigger, verifies, and keeps nothing of the old key", async () => {
      const { lifecycle, calls } = start({ generate: [generated], readAfter: [sightOf(3)] });

      expect(await lifecycle.update({ ...before, status: "superseded", supersededOn: "x" }, rotating)).toStrictEqual({
        ...rotating,
        ...generated,
        status: "active",
        stateVersion: STATE_VERSION,
      });
      expect(calls).toEqual(["0 ms: generate", "0 ms: readAfter"]);
    });

    it("does not give a new key the old one's time stamp", async () => {
      const { lifecycle } = start({ generate: [{ psk: generated.psk }], readAfter: [keyless] });

      expect(await lifecycle.update(before, rotating)).not.toHaveProperty("lastGeneratedOn");
    });

    it("forgets a removed trigger", async () => {
      const { lifecycle } = start({ generate: [generated], readAfter: [sightOf(3)] });

      expect(await lifecycle.update(before, tunnel)).not.toHaveProperty("rotationTriggers");
    });

    it("keeps the identity where an answer has none, and remembers the last adoption", async () => {
      const { lifecycle } = start({ generate: [keyOf(3)], readAfter: [sightOf(3)] });
      const existingKeyGeneratedOn = existingKey.lastGeneratedOn;

      expect(await lifecycle.update({ ...before, existingKeyGeneratedOn }, rotating)).toMatchObject({ ipsecId, existingKeyGeneratedOn });
    });

    it("takes a new identity over", async () => {
      const { lifecycle } = start({ generate: [{ ...generated, ipsecId: "7_7" }], readAfter: [sightOf(3)] });

      expect(await lifecycle.update(before, rotating)).toMatchObject({ ipsecId: "7_7" });
    });

    it.each(["superseded", "lost"] as const)(
      "generates for a key that is %s, whatever the triggers",
      async (status) => {
        const { lifecycle } = start({ generate: [generated], readAfter: [sightOf(3)] });

        expect(await lifecycle.update({ ...before, status }, unchanged)).toMatchObject({
          psk: generated.psk,
          status: "active",
        });
      },
    );

    it("keeps the last of the keys that did not suit, with the old triggers", async () => {
      const { lifecycle } = start({ generate: [keyOf(3), failure("ERR_REFUSED")] });

      const { state, cause } = await partialFailureOf(
        lifecycle.update(before, { ...rotating, compatibleWith: ["azure"] }),
      );

      expect(cause.code).toBe("ERR_REFUSED");
      expect(state).toStrictEqual({ ...before, ...keyOf(3), status: "unverified" });
      // Whoever takes both changes back has the key verified that is in force.
      expect(lifecycle.diff(state, unchanged).kind).toBe("keep");
    });

    describe("by adoption", () => {
      it("stores the named key, keeps the identity, and generates nothing", async () => {
        const { lifecycle, calls } = start({ read: [sightOf(2)] });
        const superseded: StoredState = { ...before, status: "superseded", supersededOn: sightOf(2).lastGeneratedOn };

        const state = await lifecycle.update(superseded, { ...rotating, existingKey, onExternalRotation: "fail" });

        expect(state).toStrictEqual({
          ...rotating,
          ...existingKey,
          ipsecId,
          status: "active",
          existingKeyGeneratedOn: existingKey.lastGeneratedOn,
          stateVersion: STATE_VERSION,
        });
        expect(calls).toEqual(["0 ms: read"]);
        expect(lifecycle.diff(state, { ...rotating, existingKey })).toEqual({ kind: "keep" });
      });

      it("fails without a trace where another key is in force", async () => {
        const { lifecycle, calls } = start({ read: [sightOf(3)] });

        const refused = await rejectionOf(lifecycle.update(before, { ...unchanged, existingKey }));

        expect(refused.code).toBe("ERR_EXISTING_KEY_MISMATCH");
        expect(calls).toEqual(["0 ms: read"]);
      });
    });

    it("refuses to overwrite somebody else's key where it is told to, and sends nothing", async () => {
      const { lifecycle, calls } = start();
      const superseded: StoredState = { ...before, status: "superseded", supersededOn: sightOf(2).lastGeneratedOn };

      const refused = await rejectionOf(lifecycle.update(superseded, { ...unchanged, onExternalRotation: "fail" }));

      expect(refused.code).toBe("ERR_EXTERNAL_ROTATION");
      expect(everythingIn(refused)).not.toContain(before.psk);
      expect(calls).toEqual([]);
    });

    describe("without a reason, as after a partial failure", () => {
      it.each<[string, Script, Partial<StoredState>, string[]]>([
        ["ours", { readAfter: [sightOf(1)] }, { status: "active" }, ["0 ms: readAfter"]],
        ["unreadable", { readAfter: [failure("ERR_NOT_AUTHORIZED")] }, { status: "unverified" }, ["0 ms: readAfter"]],
        [
          "somebody else's",
          { readAfter: [sightOf(2), sightOf(3)], generate: [generated] },
          { ...generated, status: "active" },
          ["0 ms: readAfter", "0 ms: generate", "0 ms: readAfter"],
        ],
      ])("generates only if the edge's key is another one: %s", async (_what, script, change, expected) => {
        const { lifecycle, calls } = start(script);

        const state = await lifecycle.update({ ...before, status: "unverified" }, { ...unchanged, validateInPreview: false });

        expect(state).toStrictEqual({ ...before, ...change });
        expect(calls).toEqual(expected);
      });

      it("asks whether the engine lives before it generates after a verification, and sends nothing if it does not", async () => {
        const engineGone = failure("ERR_ENGINE_GONE");
        const { lifecycle, outcomeOf, calls } = start({ readAfter: [sightOf(2)] }, {}, () =>
          Promise.reject(engineGone),
        );

        expect(await outcomeOf(lifecycle.update(before, unchanged))).toBe(engineGone);
        expect(calls).toEqual(["0 ms: readAfter"]);
      });

      it("has one deadline for the verification and the generation", async () => {
        const { lifecycle, outcomeOf, calls } = start(
          { readAfter: [sightOf(0), sightOf(0), sightOf(2)], generate: [lostAnswer] },
          { operationTimeoutMs: 13_000 },
        );

        expect(await outcomeOf(lifecycle.update(before, unchanged))).toMatchObject({ state: { status: "lost" } });
        expect(calls.at(-1)).toBe("3000 ms: generate");
      });

      it("keeps the key where reads only lag behind", async () => {
        const { lifecycle, outcomeOf, calls } = start({ readAfter: Array(5).fill(sightOf(0)) });

        expect(await outcomeOf(lifecycle.update(before, unchanged))).toStrictEqual({ ...before, status: "unverified" });
        expect(calls).toHaveLength(5);
      });

      it("gives a key without a time stamp none of a read", async () => {
        const timeless: StoredState = { ...bareState, rotationTriggers: { a: "1" } };
        const { lifecycle } = start({ readAfter: [sightOf(2)] });

        expect(await lifecycle.update(timeless, unchanged)).toStrictEqual({ ...timeless, status: "unverified" });
      });
    });

    describe("that fails", () => {
      const adopted: StoredState = { ...before, existingKeyGeneratedOn: existingKey.lastGeneratedOn };

      it("plainly when it is refused: the stored key is still in force", async () => {
        const refusal = failure("ERR_NOT_AUTHORIZED");

        await expect(start({ generate: [refusal] }).lifecycle.update(before, rotating)).rejects.toBe(refusal);
      });

      it("marks the stored key as lost when every answer was, and keeps the old triggers", async () => {
        const { lifecycle, outcomeOf } = start({ generate: Array(4).fill(lostAnswer) });

        const thrown = await outcomeOf(lifecycle.update(adopted, rotating));

        expect(thrown).toBeInstanceOf(PartialFailure);
        expect(thrown).toMatchObject({ cause: lostAnswer, message: lostAnswer.message });
        const { state } = thrown as PartialFailure;
        expect(state).toStrictEqual({ ...adopted, status: "lost" });
        // Even if the user reverts the trigger.
        expect(lifecycle.diff(state, unchanged)).toEqual({ kind: "generate", reasons: [{ kind: "lost" }] });
      });

      it("marks the stored key as lost when a refusal follows a lost answer", async () => {
        const refusal = failure("ERR_NOT_AUTHORIZED");
        const { lifecycle, outcomeOf } = start({ generate: [lostAnswer, refusal] });

        const thrown = await outcomeOf(lifecycle.update(adopted, rotating));

        expect(thrown).toMatchObject({ cause: refusal, state: { ...adopted, status: "lost" } });
      });

      it.each<[string, StoredState, typeof generated | ReturnType<typeof keyOf>]>([
        ["with an identity", adopted, generated],
        ["without triggers", { ...bareState, ...keyOf(1), ipsecId }, generated],
        ["without one", adopted, keyOf(3)],
      ])("keeps a received key that was superseded, and the old triggers: %s", async (_what, old, received) => {
        const { lifecycle } = start({ generate: [received], readAfter: [sightOf(4)] }, { maxGenerations: 1 });

        const { state } = await partialFailureOf(lifecycle.update(old, rotating));

        expect(state).toStrictEqual({
          ...old,
          ...received,
          status: "superseded",
          supersededOn: sightOf(4).lastGeneratedOn,
        });
        expect(lifecycle.diff(state, rotating).kind).toBe("generate");
        expect(lifecycle.diff(state, unchanged).kind).toBe("generate");
      });

      it("marks a received key as lost when it was overwritten and the next answer was lost", async () => {
        const { lifecycle } = start(
          { generate: [generated, lostAnswer], readAfter: [sightOf(4)] },
          { maxGenerations: 2 },
        );

        const { state, cause } = await partialFailureOf(lifecycle.update(before, rotating));

        expect(cause).toBe(lostAnswer);
        expect(state).toStrictEqual({ ...before, ...generated, status: "lost" });
      });

      it("never says a key", async () => {
        const { lifecycle } = start({ generate: [generated], readAfter: [sightOf(4)] }, { maxGenerations: 1 });

        const { message, cause } = await partialFailureOf(lifecycle.update(before, rotating));

        for (const key of [fakeKey, before.psk, generated.psk])
          expect(message + everythingIn(cause)).not.toContain(key);
      });
    });

    it("asks whether the engine lives before it generates again, and sends nothing if it does not", async () => {
      const engineGone = failure("ERR_ENGINE_GONE");
      const { lifecycle, outcomeOf, calls } = start({ generate: [lostAnswer] }, {}, () => Promise.reject(engineGone));

      expect(await outcomeOf(lifecycle.update(before, rotating))).toMatchObject({
        cause: engineGone,
        state: { ...before, status: "lost" },
      });
      expect(calls).toEqual(["0 ms: generate"]);
    });

    it("does not count Cloudflare's waits as its own", async () => {
      const started = start({
        generate: [
          async ({ onCloudflareWait }) => {
            await started.clock.sleep(600_000);
            onCloudflareWait(600_000);
            throw lostAnswer;
          },
          generated,
        ],
        readAfter: [sightOf(3)],
      });

      expect(await started.outcomeOf(started.lifecycle.update(before, rotating))).toMatchObject({ status: "active" });
    });
  });
});

describe("idOf()", () => {
  it("names account and tunnel", () => {
    expect(idOf({ ...tunnel })).toBe(`${accountId}/${ipsecTunnelId}`);
  });
});

/** A lifecycle over an edge that answers by a script. */
function start(
  script: Script = {},
  limits: Partial<Limits> | (() => Limits) = {},
  requireEngine: () => Promise<void> = () => Promise.resolve(),
) {
  const { edge, clock, calls, finish } = startEdge(script);
  const lines: string[] = [];
  const lifecycle = createLifecycle({
    edge,
    clock,
    limits: typeof limits === "function" ? limits : () => ({ ...DEFAULT_LIMITS, ...limits }),
    announce: (ref, line) => lines.push(`${ref.ipsecTunnelId}: ${line}`),
    requireEngine,
  });
  /** What a verb returns or throws, in virtual time. */
  const outcomeOf = (verb: Promise<unknown>): Promise<unknown> => finish(verb).catch((error: unknown) => error);
  return { lifecycle, clock, calls, lines, outcomeOf };
}

async function partialFailureOf(verb: Promise<unknown>): Promise<PartialFailure> {
  const outcome: unknown = await verb.catch((error: unknown) => error);
  if (outcome instanceof PartialFailure) return outcome;
  throw new Error("The test expects a PartialFailure", { cause: outcome });
}
