import { given } from "../../src/given";
import type { DriftReads } from "../../src/psk/drift";
import type { Inputs } from "../../src/psk/inputs";
import { createLifecycle, type Lifecycle } from "../../src/psk/lifecycle";
import { PartialFailure } from "../../src/psk/partial-failure";
import { DEFAULT_LIMITS, type Limits } from "../../src/psk/limits";
import type { NameReads } from "../../src/psk/resolution";
import { UNKNOWN } from "../../src/psk/sentinels";
import { STATE_VERSION, type StoredState } from "../../src/psk/state";
import type { TunnelReading } from "../../src/psk/tunnel-api";
import type { ListedTunnel } from "../../src/tunnel";
import { everythingIn, rejectionOf } from "../support/failure-of";
import { failure, gone, keyless, keyOf, lostResponse, readingOf, type Script, startTunnels } from "./scripted-tunnels";
import { CREATED, PIN, LATER_PIN, another, branch, renamed, recreated } from "./named-tunnels";
import { accountId, bareState, fakeKey, ipsecTunnelId, storedState } from "./support";

const tunnel = { accountId, ipsecTunnelId };
const ipsecId = `33145236_${ipsecTunnelId}`;
const generated = { ...keyOf(3), ipsecId };
const existingKey = { ...keyOf(2), psk: "fake-existing-key-for-tests-only" };
/** A resource with the key of the first generation, and a trigger. */
const before: StoredState = { ...storedState, ...keyOf(1), rotationTriggers: { a: "1" }, status: "active" };
const unchanged: Inputs = { ...tunnel, rotationTriggers: { a: "1" } };
const rotating: Inputs = { ...tunnel, rotationTriggers: { a: "2" } };

describe("createLifecycle()", () => {
  describe.each<[string, object, string | undefined]>([
    ["no key", { psk: undefined }, undefined],
    ["an account that is a path", { accountId: "../../../evil" }, undefined],
    ["a tunnel that is a path", { ipsecTunnelId: "../../../evil" }, undefined],
    ["a timestamp that cannot be compared", { lastGeneratedOn: "yesterday" }, undefined],
    ["an ID that names another tunnel", {}, `${accountId}/${"f".repeat(32)}`],
  ])("for a state with %s", (_what, damage, id) => {
    const damaged = { ...before, ...damage };
    const options = given({ id });

    it.each<[string, (lifecycle: Lifecycle) => Promise<unknown>]>([
      ["diff", (lifecycle) => lifecycle.diff(damaged, unchanged, options)],
      [
        "diff of another tunnel",
        (lifecycle) => lifecycle.diff(damaged, { ...tunnel, accountId: "f".repeat(32) }, options),
      ],
      ["read", (lifecycle) => lifecycle.read(damaged, options)],
      ["update", (lifecycle) => lifecycle.update(damaged, rotating, options)],
    ])("%s() fails, and sends nothing", async (_verb, run) => {
      const { drift, looks } = driftOf(readingOf(2));
      const { lifecycle, calls } = start({}, {}, undefined, drift);

      expect((await rejectionOf(run(lifecycle))).code).toBe("ERR_INVALID_STATE");
      expect([...calls, ...looks]).toEqual([]);
    });
  });

  it("diff() fails for inputs of the state that are damaged, which a refresh passes without a check", async () => {
    const { lifecycle } = start();

    const inputs = { ...unchanged, accountId: 5 } as unknown as Inputs;
    expect((await rejectionOf(lifecycle.diff(before, inputs))).message).toContain("it is damaged in inputs.accountId");
  });

  describe("diff()", () => {
    it("plans from the state, and sends nothing", async () => {
      const { lifecycle, calls } = start();

      await expect(lifecycle.diff(before, unchanged)).resolves.toEqual({ kind: "keep" });
      await expect(lifecycle.diff(before, rotating)).resolves.toMatchObject({ kind: "generate" });
      expect(calls).toEqual([]);
    });

    it("counts the key's age by the clock", async () => {
      const { lifecycle, clock } = start();
      const inputs = { ...unchanged, rotateAfterDays: 1 };

      await expect(lifecycle.diff(before, inputs)).resolves.toMatchObject({ kind: "keep" });
      await clock.advance(12 * 3_600_000);
      await expect(lifecycle.diff(before, inputs)).resolves.toMatchObject({ kind: "generate" });
    });

    it("fails for a damaged state", async () => {
      await expect(start().lifecycle.diff({}, tunnel)).rejects.toThrow("ERR_INVALID_STATE");
    });

    describe("that looks for drift", () => {
      it("plans a generation if someone else rotated the key", async () => {
        const { drift, looks } = driftOf(readingOf(2));
        const { lifecycle, calls } = start({}, {}, undefined, drift);

        await expect(lifecycle.diff(before, unchanged)).resolves.toEqual({
          kind: "generate",
          reasons: [
            {
              kind: "superseded",
              generatedOn: before.lastGeneratedOn,
              supersededOn: readingOf(2).lastGeneratedOn,
            },
          ],
        });
        expect(looks).toEqual(["list"]);
        expect(calls).toEqual([]);
      });

      it('refuses the rotation of someone else with onExternalRotation "fail"', async () => {
        const { lifecycle } = start({}, {}, undefined, driftOf(readingOf(2)).drift);

        await expect(lifecycle.diff(before, { ...unchanged, onExternalRotation: "fail" })).resolves.toMatchObject({
          kind: "refuse",
          reason: { kind: "superseded" },
        });
      });

      it("says once an account that the list does not have a tunnel", async () => {
        const { lifecycle, lines } = start({}, {}, undefined, driftOf(gone).drift);
        const ids = ["a", "b", "c"].map((digit) => ({ ipsecTunnelId: digit.repeat(32) }));

        for (const id of ids) await lifecycle.diff({ ...before, ...id }, { ...unchanged, ...id });

        expect(lines).toEqual([
          `${"a".repeat(32)}: the account's list does not have this tunnel, and perhaps lacks others; run \`pulumi refresh\` to check`,
        ]);
      });

      it.each([
        ["a list that cannot be read", undefined],
        ["the same timestamp", readingOf(1)],
        ["an older timestamp", readingOf(0)],
      ])("plans nothing for %s", async (_what, reading) => {
        const { lifecycle, lines } = start({}, {}, undefined, driftOf(reading).drift);

        await expect(lifecycle.diff(before, unchanged)).resolves.toEqual({ kind: "keep" });
        expect(lines).toEqual([]);
      });

      it("plans nothing for a tunnel that is missing from the list, and names the command that checks it", async () => {
        const { lifecycle, lines } = start({}, {}, undefined, driftOf(gone).drift);

        await expect(lifecycle.diff(before, unchanged)).resolves.toEqual({ kind: "keep" });
        expect(lines).toEqual([expect.stringMatching(`^${ipsecTunnelId}: .*\`pulumi refresh\``)]);
      });

      it("does not look if there is a reason to act already", async () => {
        const { drift, looks } = driftOf(readingOf(2));
        const { lifecycle } = start({}, {}, undefined, drift);
        const superseded: StoredState = { ...before, status: "superseded", supersededOn: readingOf(2).lastGeneratedOn };

        await lifecycle.diff(before, rotating);
        await lifecycle.diff(superseded, unchanged);
        await lifecycle.diff(before, { ...unchanged, ipsecTunnelId: "f".repeat(32) });

        expect(looks).toEqual([]);
      });

      it("does not look at a tunnel that a refresh has just read", async () => {
        const { drift, looks } = driftOf(readingOf(2));
        const { lifecycle } = start({ readFromList: [readingOf(1)] }, {}, undefined, drift);

        const refreshed = await lifecycle.read(before);

        await expect(lifecycle.diff(refreshed, unchanged)).resolves.toEqual({ kind: "keep" });
        expect(looks).toEqual([]);
      });
    });
  });

  describe("create()", () => {
    it("generates once, verifies, and stores the key with what the next diff needs", async () => {
      const { lifecycle, calls, lines } = start({ generate: [generated], readAfter: [readingOf(3)] });

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

    it("stores the key alone if Cloudflare sends nothing else", async () => {
      const { psk } = generated;
      const { lifecycle } = start({ generate: [{ psk }], readAfter: [keyless] });

      expect(await lifecycle.create(tunnel)).toStrictEqual({
        ...tunnel,
        psk,
        status: "unverified",
        stateVersion: STATE_VERSION,
      });
    });

    it("stores a state for which nothing is planned", async () => {
      const { lifecycle } = start({ generate: [generated], readAfter: [readingOf(3)] });

      await expect(lifecycle.diff(await lifecycle.create(unchanged), unchanged)).resolves.toEqual({ kind: "keep" });
    });

    it("announces every line with its tunnel", async () => {
      const { lifecycle, lines } = start({ generate: [generated], readAfter: [failure("ERR_NOT_AUTHORIZED")] });

      await lifecycle.create(tunnel);

      expect(lines).toEqual([expect.stringMatching(`^${ipsecTunnelId}: the key could not be verified`)]);
    });

    it("takes over an existing key, and generates nothing", async () => {
      const { lifecycle, calls } = start({ read: [readingOf(2)] });

      const state = await lifecycle.create({ ...unchanged, existingKey });

      expect(state).toStrictEqual({
        ...unchanged,
        ...existingKey,
        status: "active",
        existingKeyGeneratedOn: existingKey.lastGeneratedOn,
        stateVersion: STATE_VERSION,
      });
      expect(calls).toEqual(["0 ms: read"]);
      await expect(lifecycle.diff(state, { ...unchanged, existingKey })).resolves.toEqual({ kind: "keep" });
    });

    it("refuses an existing key that is not active", async () => {
      const { lifecycle, calls } = start({ read: [readingOf(3)] });

      const refused = await rejectionOf(lifecycle.create({ ...unchanged, existingKey }));

      expect(refused.code).toBe("ERR_EXISTING_KEY_MISMATCH");
      expect(everythingIn(refused)).not.toContain(existingKey.psk);
      expect(calls).toEqual(["0 ms: read"]);
    });

    it("fails with Cloudflare's refusal, because there is nothing to keep", async () => {
      const refusal = failure("ERR_NOT_AUTHORIZED");

      await expect(start({ generate: [refusal] }).lifecycle.create(tunnel)).rejects.toBe(refusal);
    });

    it("fails with the lost response if every one is lost, because the next up creates again", async () => {
      const { outcomeOf, calls, clock, lifecycle } = start({ generate: Array(4).fill(lostResponse) });

      expect(await outcomeOf(lifecycle.create(tunnel))).toBe(lostResponse);
      expect(calls.at(-1)).toBe("30000 ms: generate");
      expect(clock.sleepers()).toBe(0);
    });

    it("keeps the last received key, although it is superseded", async () => {
      const { lifecycle } = start({ generate: [generated], readAfter: [readingOf(4)] }, { maxGenerations: 1 });

      const { kept: state, cause } = await partialFailureOf(lifecycle.create(unchanged));

      expect(cause.code).toBe("ERR_OVERWRITTEN");
      expect(state).toStrictEqual({
        ...unchanged,
        ...generated,
        status: "superseded",
        supersededOn: readingOf(4).lastGeneratedOn,
        stateVersion: STATE_VERSION,
      });
    });

    it("marks a received key as lost if a late request of its own may have replaced it", async () => {
      const { lifecycle, outcomeOf } = start(
        { generate: [lostResponse, generated], readAfter: [readingOf(4)] },
        { maxGenerations: 2 },
      );

      const thrown = await outcomeOf(lifecycle.create({ ...unchanged, onExternalRotation: "fail" }));

      expect(thrown).toBeInstanceOf(PartialFailure);
      const { kept: state } = thrown as PartialFailure;
      expect(state).toStrictEqual({ ...unchanged, ...generated, status: "lost", stateVersion: STATE_VERSION });
      // So it does not count as a rotation by someone else.
      await expect(lifecycle.diff(state, { ...unchanged, onExternalRotation: "fail" })).resolves.toMatchObject({
        kind: "generate",
      });
    });

    it("keeps the last incompatible key, which the next up replaces", async () => {
      const { lifecycle } = start({ generate: [1, 2, 3, 4, 5, 6, 7, 8].map(keyOf) });
      const inputs: Inputs = { ...unchanged, compatibleWith: ["aws"] };

      const { kept: state, cause } = await partialFailureOf(lifecycle.create(inputs));

      expect(cause.code).toBe("ERR_UNSUITABLE_PSK");
      expect(state).toStrictEqual({ ...unchanged, ...keyOf(8), status: "unverified", stateVersion: STATE_VERSION });
      await expect(lifecycle.diff(state, inputs)).resolves.toMatchObject({ kind: "generate" });
    });

    it("reads its limits at each use", async () => {
      let maxGenerations = 4;
      const script = { generate: [keyOf(1), keyOf(3)], readAfter: [readingOf(2), readingOf(4)] };
      const { lifecycle, calls } = start(script, () => ({ ...DEFAULT_LIMITS, maxGenerations }));

      maxGenerations = 1;
      await partialFailureOf(lifecycle.create(tunnel));

      expect(calls).toEqual(["0 ms: generate", "0 ms: readAfter"]);
    });
  });

  describe("read()", () => {
    it("keeps the key and its timestamp", async () => {
      const { lifecycle, calls } = start({ readFromList: [readingOf(1)] });

      expect(await lifecycle.read({ ...before, status: "unverified" })).toStrictEqual(before);
      expect(calls).toEqual(["0 ms: readFromList"]);
    });

    it("says that someone else rotated the key, once", async () => {
      const { lifecycle, lines } = start({ readFromList: [readingOf(2), readingOf(2)] });

      const marked = await lifecycle.read(before);
      await lifecycle.read(marked);

      expect(lines).toEqual([
        expect.stringContaining(`: someone else rotated the key at ${readingOf(2).lastGeneratedOn}. \`pulumi up\` `),
      ]);
    });

    it("says that a key is lost", async () => {
      const { lifecycle, lines, outcomeOf } = start({
        readFromList: [keyless],
        read: [keyless, keyless],
      });

      expect(await outcomeOf(lifecycle.read(before))).toMatchObject({ status: "lost" });
      expect(lines).toEqual([expect.stringContaining(": the key in the state is no longer active")]);
    });

    it("marks a key that someone else has superseded, and changes nothing else", async () => {
      const { lifecycle } = start({ readFromList: [readingOf(2)] });

      expect(await lifecycle.read(before)).toStrictEqual({
        ...before,
        status: "superseded",
        supersededOn: readingOf(2).lastGeneratedOn,
      });
    });

    it("returns nothing if the tunnel is gone", async () => {
      expect(await start({ readFromList: [gone], read: [gone] }).lifecycle.read(before)).toBeUndefined();
    });

    it("passes a failure on, because it does not prove that the tunnel is gone", async () => {
      const { lifecycle } = start({ readFromList: [gone], read: [failure("ERR_NO_RESPONSE")] });

      expect((await rejectionOf(lifecycle.read(before))).code).toBe("ERR_NO_RESPONSE");
    });
  });

  describe("update()", () => {
    it("generates for a changed trigger, verifies, and keeps nothing of the old key", async () => {
      const { lifecycle, calls } = start({ generate: [generated], readAfter: [readingOf(3)] });

      expect(
        await lifecycle.update(
          { ...before, status: "superseded", supersededOn: readingOf(2).lastGeneratedOn },
          rotating,
        ),
      ).toStrictEqual({
        ...rotating,
        ...generated,
        status: "active",
        stateVersion: STATE_VERSION,
      });
      expect(calls).toEqual(["0 ms: generate", "0 ms: readAfter"]);
    });

    it("does not keep the old key's timestamp for the new key", async () => {
      const { lifecycle } = start({ generate: [{ psk: generated.psk }], readAfter: [keyless] });

      expect(await lifecycle.update(before, rotating)).not.toHaveProperty("lastGeneratedOn");
    });

    it("drops a removed trigger", async () => {
      const { lifecycle } = start({ generate: [generated], readAfter: [readingOf(3)] });

      expect(await lifecycle.update(before, tunnel)).not.toHaveProperty("rotationTriggers");
    });

    it("keeps the IKE identity if the response has none, and remembers the last existing key", async () => {
      const { lifecycle } = start({ generate: [keyOf(3)], readAfter: [readingOf(3)] });
      const existingKeyGeneratedOn = existingKey.lastGeneratedOn;

      expect(await lifecycle.update({ ...before, existingKeyGeneratedOn }, rotating)).toMatchObject({
        ipsecId,
        existingKeyGeneratedOn,
      });
    });

    it("takes a new IKE identity over", async () => {
      const { lifecycle } = start({ generate: [{ ...generated, ipsecId: "7_7" }], readAfter: [readingOf(3)] });

      expect(await lifecycle.update(before, rotating)).toMatchObject({ ipsecId: "7_7" });
    });

    it.each(["superseded", "lost"] as const)(
      "generates if the key is %s, even with the same triggers",
      async (status) => {
        const { lifecycle } = start({ generate: [generated], readAfter: [readingOf(3)] });

        expect(await lifecycle.update({ ...before, status }, unchanged)).toMatchObject({
          psk: generated.psk,
          status: "active",
        });
      },
    );

    it("keeps the last incompatible key, with the old triggers", async () => {
      const { lifecycle } = start({ generate: [keyOf(3), failure("ERR_REFUSED")] });

      const { kept: state, cause } = await partialFailureOf(
        lifecycle.update(before, { ...rotating, compatibleWith: ["azure"] }),
      );

      expect(cause.code).toBe("ERR_REFUSED");
      expect(state).toStrictEqual({ ...before, ...keyOf(3), status: "unverified" });
      // If the user reverts both changes, the active key is verified.
      await expect(lifecycle.diff(state, unchanged)).resolves.toMatchObject({ kind: "keep" });
    });

    describe("with an existing key", () => {
      it("stores the existing key, keeps the IKE identity, and generates nothing", async () => {
        const { lifecycle, calls } = start({ read: [readingOf(2)] });
        const superseded: StoredState = { ...before, status: "superseded", supersededOn: readingOf(2).lastGeneratedOn };

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
        await expect(lifecycle.diff(state, { ...rotating, existingKey })).resolves.toEqual({ kind: "keep" });
      });

      it("changes nothing if another key is active", async () => {
        const { lifecycle, calls } = start({ read: [readingOf(3)] });

        const refused = await rejectionOf(lifecycle.update(before, { ...unchanged, existingKey }));

        expect(refused.code).toBe("ERR_EXISTING_KEY_MISMATCH");
        expect(calls).toEqual(["0 ms: read"]);
      });
    });

    it('refuses to overwrite the key of someone else with onExternalRotation "fail", and sends nothing', async () => {
      const { lifecycle, calls } = start();
      const superseded: StoredState = { ...before, status: "superseded", supersededOn: readingOf(2).lastGeneratedOn };

      const refused = await rejectionOf(lifecycle.update(superseded, { ...unchanged, onExternalRotation: "fail" }));

      expect(refused.code).toBe("ERR_EXTERNAL_ROTATION");
      expect(everythingIn(refused)).not.toContain(before.psk);
      expect(calls).toEqual([]);
    });

    describe("without a reason, as after a partial failure", () => {
      it.each<[string, Script, Partial<StoredState>, string[]]>([
        ["the stored one", { readAfter: [readingOf(1)] }, { status: "active" }, ["0 ms: readAfter"]],
        [
          "unknown, because the read fails",
          { readAfter: [failure("ERR_NOT_AUTHORIZED")] },
          { status: "unverified" },
          ["0 ms: readAfter"],
        ],
        [
          "one of someone else",
          { readAfter: [readingOf(2), readingOf(3)], generate: [generated] },
          { ...generated, status: "active" },
          ["0 ms: readAfter", "0 ms: generate", "0 ms: readAfter"],
        ],
      ])("generates only if another key is active: %s", async (_what, script, change, expected) => {
        const { lifecycle, calls } = start(script);

        const state = await lifecycle.update(
          { ...before, status: "unverified" },
          { ...unchanged, validateInPreview: false },
        );

        expect(state).toStrictEqual({ ...before, ...change });
        expect(calls).toEqual(expected);
      });

      it("generates if every read shows the tunnel without a key", async () => {
        const { lifecycle, outcomeOf } = start({
          readAfter: [...Array<TunnelReading>(5).fill(keyless), readingOf(3)],
          generate: [generated],
        });

        expect(await outcomeOf(lifecycle.update(before, unchanged))).toMatchObject({ ...generated, status: "active" });
      });

      it("marks the stored key if another one is active, and Cloudflare refuses to generate a new one", async () => {
        const { lifecycle } = start({ readAfter: [readingOf(2)], generate: [failure("ERR_REFUSED")] });

        const { kept: state, cause } = await partialFailureOf(lifecycle.update(before, unchanged));

        expect(cause.code).toBe("ERR_REFUSED");
        expect(state).toStrictEqual({
          ...before,
          status: "superseded",
          supersededOn: readingOf(2).lastGeneratedOn,
        });
      });

      it("does not take a single read for the proof that the tunnel has no key", async () => {
        const { lifecycle, outcomeOf } = start({ readAfter: [keyless] }, { operationTimeoutMs: 500 });

        expect(await outcomeOf(lifecycle.update(before, unchanged))).toStrictEqual({ ...before, status: "unverified" });
      });

      it("checks after the verification that the engine is still running, and generates nothing if it has exited", async () => {
        const engineGone = failure("ERR_ENGINE_GONE");
        const { lifecycle, outcomeOf, calls } = start({ readAfter: [readingOf(2)] }, {}, () =>
          Promise.reject(engineGone),
        );

        expect(await outcomeOf(lifecycle.update(before, unchanged))).toMatchObject({
          cause: engineGone,
          kept: { ...before, status: "superseded" },
        });
        expect(calls).toEqual(["0 ms: readAfter"]);
      });

      it("has one deadline for the verification and the generation", async () => {
        const { lifecycle, outcomeOf, calls } = start(
          { readAfter: [readingOf(0), readingOf(0), readingOf(2)], generate: [lostResponse] },
          { operationTimeoutMs: 13_000 },
        );

        expect(await outcomeOf(lifecycle.update(before, unchanged))).toMatchObject({ kept: { status: "lost" } });
        expect(calls.at(-1)).toBe("3000 ms: generate");
      });

      it("keeps the key if every read lags behind", async () => {
        const { lifecycle, outcomeOf, calls } = start({ readAfter: Array(5).fill(readingOf(0)) });

        expect(await outcomeOf(lifecycle.update(before, unchanged))).toStrictEqual({ ...before, status: "unverified" });
        expect(calls).toHaveLength(5);
      });

      it("does not take the timestamp of a read for a key without one", async () => {
        const withoutTimestamp: StoredState = { ...bareState, rotationTriggers: { a: "1" } };
        const { lifecycle } = start({ readAfter: [readingOf(2)] });

        expect(await lifecycle.update(withoutTimestamp, unchanged)).toStrictEqual({
          ...withoutTimestamp,
          status: "unverified",
        });
      });
    });

    describe("that fails", () => {
      const takenOver: StoredState = { ...before, existingKeyGeneratedOn: existingKey.lastGeneratedOn };

      it("throws Cloudflare's refusal, because the stored key is still active", async () => {
        const refusal = failure("ERR_NOT_AUTHORIZED");

        await expect(start({ generate: [refusal] }).lifecycle.update(before, rotating)).rejects.toBe(refusal);
      });

      it("marks the stored key as lost if every response is lost, and keeps the old triggers", async () => {
        const { lifecycle, outcomeOf } = start({ generate: Array(4).fill(lostResponse) });

        const thrown = await outcomeOf(lifecycle.update(takenOver, rotating));

        expect(thrown).toBeInstanceOf(PartialFailure);
        expect(thrown).toMatchObject({ cause: lostResponse, message: lostResponse.message });
        const { kept: state } = thrown as PartialFailure;
        expect(state).toStrictEqual({ ...takenOver, status: "lost" });
        // Even if the user reverts the trigger.
        await expect(lifecycle.diff(state, unchanged)).resolves.toEqual({
          kind: "generate",
          reasons: [{ kind: "lost" }],
        });
      });

      it("marks the stored key as lost if a refusal follows a lost response", async () => {
        const refusal = failure("ERR_NOT_AUTHORIZED");
        const { lifecycle, outcomeOf } = start({ generate: [lostResponse, refusal] });

        const thrown = await outcomeOf(lifecycle.update(takenOver, rotating));

        expect(thrown).toMatchObject({
          message: expect.stringContaining(refusal.details.summary) as string,
          kept: { ...takenOver, status: "lost" },
        });
      });

      it.each<[string, StoredState, typeof generated | ReturnType<typeof keyOf>]>([
        ["with an IKE identity", takenOver, generated],
        ["without triggers", { ...bareState, ...keyOf(1), ipsecId }, generated],
        ["without an IKE identity", takenOver, keyOf(3)],
      ])("keeps a superseded key that it received, and the old triggers: %s", async (_what, old, received) => {
        const { lifecycle } = start({ generate: [received], readAfter: [readingOf(4)] }, { maxGenerations: 1 });

        const { kept: state } = await partialFailureOf(lifecycle.update(old, rotating));

        expect(state).toStrictEqual({
          ...old,
          ...received,
          status: "superseded",
          supersededOn: readingOf(4).lastGeneratedOn,
        });
        await expect(lifecycle.diff(state, rotating)).resolves.toMatchObject({ kind: "generate" });
        await expect(lifecycle.diff(state, unchanged)).resolves.toMatchObject({ kind: "generate" });
      });

      it("marks a received key as lost if it was overwritten and the next response was lost", async () => {
        const { lifecycle } = start(
          { generate: [generated, lostResponse], readAfter: [readingOf(4)] },
          { maxGenerations: 2 },
        );

        const { kept: state, cause } = await partialFailureOf(lifecycle.update(before, rotating));

        expect(cause).toBe(lostResponse);
        expect(state).toStrictEqual({ ...before, ...generated, status: "lost" });
      });

      it("never quotes a key", async () => {
        const { lifecycle } = start({ generate: [generated], readAfter: [readingOf(4)] }, { maxGenerations: 1 });

        const { message, cause } = await partialFailureOf(lifecycle.update(before, rotating));

        for (const key of [fakeKey, before.psk, generated.psk])
          expect(message + everythingIn(cause)).not.toContain(key);
      });
    });

    it.each<[string, (lifecycle: Lifecycle) => Promise<unknown>]>([
      ["create", (lifecycle) => lifecycle.create(unchanged)],
      ["create with a key to set", (lifecycle) => lifecycle.create({ ...unchanged, psk: fakeKey })],
      ["update", (lifecycle) => lifecycle.update(before, rotating)],
      ["update with a key to set", (lifecycle) => lifecycle.update(before, { ...unchanged, psk: fakeKey })],
    ])("sends nothing for an engine that has exited before: %s", async (_verb, run) => {
      const engineGone = failure("ERR_ENGINE_GONE");
      const { lifecycle, outcomeOf, calls } = start({}, {}, () => Promise.reject(engineGone));

      expect(await outcomeOf(run(lifecycle))).toBe(engineGone);
      expect(calls).toEqual([]);
    });

    it("checks before a repeat that the engine is still running, and generates nothing if it has exited", async () => {
      const engineGone = failure("ERR_ENGINE_GONE");
      const exitsAfterTheFirst = jest.fn(() => Promise.reject(engineGone)).mockResolvedValueOnce(undefined as never);
      const { lifecycle, outcomeOf, calls } = start({ generate: [lostResponse] }, {}, exitsAfterTheFirst);

      expect(await outcomeOf(lifecycle.update(before, rotating))).toMatchObject({
        message: expect.stringContaining(engineGone.details.summary) as string,
        kept: { ...before, status: "lost" },
      });
      expect(calls).toEqual(["0 ms: generate"]);
    });

    it("does not count waits that Cloudflare asked for", async () => {
      const started = start({
        generate: [
          async ({ onCloudflareWait }) => {
            await started.clock.sleep(600_000);
            onCloudflareWait(600_000);
            throw lostResponse;
          },
          generated,
        ],
        readAfter: [readingOf(3)],
      });

      expect(await started.outcomeOf(started.lifecycle.update(before, rotating))).toMatchObject({ status: "active" });
    });
  });
});

/** A lifecycle on scripted tunnels. */
describe("createLifecycle() with a key that the program gives", () => {
  const psk = "fake-key-that-is-set-for-tests-only";
  const inputs: Inputs = { ...tunnel, psk };
  const sent = (generation: number) => ({ ...keyOf(generation), psk });
  const set: StoredState = { ...bareState, ...sent(1), isSet: true, status: "active" };
  const undated: StoredState = { ...bareState, psk, isSet: true, unmovedTimestamp: keyOf(1).lastGeneratedOn };

  it("create() sets it, and remembers that", async () => {
    const { lifecycle, outcomeOf, calls } = start({ set: [sent(2)], readAfter: [keyless, readingOf(2)] });

    expect(await outcomeOf(lifecycle.create(inputs))).toStrictEqual({ ...set, ...sent(2) });
    expect(calls).toEqual(["0 ms: readAfter", "0 ms: set", "0 ms: readAfter"]);
  });

  it("create() keeps nothing if the outcome is unknown: the next up sets the same key", async () => {
    const { lifecycle, outcomeOf } = start({ set: Array(4).fill(lostResponse), readAfter: [keyless] });

    expect(await outcomeOf(lifecycle.create(inputs))).toBe(lostResponse);
  });

  it("create() takes over an existing key that is the same, and remembers that the program gives it", async () => {
    const { lifecycle, outcomeOf, calls } = start({ read: [readingOf(1)] });
    const { lastGeneratedOn } = keyOf(1);

    expect(await outcomeOf(lifecycle.create({ ...inputs, existingKey: { psk, lastGeneratedOn } }))).toStrictEqual({
      ...set,
      existingKeyGeneratedOn: lastGeneratedOn,
    });
    expect(calls).toEqual(["0 ms: read"]);
  });

  it("update() sets a changed key", async () => {
    const { lifecycle, outcomeOf } = start({ set: [sent(2)], readAfter: [readingOf(1), readingOf(2)] });

    expect(await outcomeOf(lifecycle.update({ ...set, psk: fakeKey }, inputs))).toStrictEqual({ ...set, ...sent(2) });
  });

  it("update() marks the old key if the outcome is unknown, so that the next up sets a key even if the program is reverted", async () => {
    const { lifecycle, outcomeOf } = start({ set: Array(4).fill(lostResponse), readAfter: [readingOf(1)] });
    const old: StoredState = { ...set, psk: fakeKey };

    const failed = (await outcomeOf(lifecycle.update(old, inputs))) as PartialFailure;

    expect(failed).toBeInstanceOf(PartialFailure);
    expect(failed.kept).toStrictEqual({ ...old, status: "lost" });
    await expect(lifecycle.diff(failed.kept, { ...tunnel, psk: fakeKey })).resolves.toEqual({
      kind: "set",
      reasons: [{ kind: "lost" }],
    });
  });

  it("update() leaves no mark if Cloudflare refuses the key", async () => {
    const refusal = failure("ERR_REFUSED");
    const { lifecycle, outcomeOf } = start({ set: [refusal], readAfter: [readingOf(1)] });

    expect(await outcomeOf(lifecycle.update({ ...set, psk: fakeKey }, inputs))).toBe(refusal);
  });

  it("update() generates after the removal of psk, and forgets that the key was set", async () => {
    const { lifecycle, outcomeOf } = start({ generate: [keyOf(2)], readAfter: [readingOf(2)] });

    expect(await outcomeOf(lifecycle.update(undated, tunnel))).toStrictEqual({
      ...bareState,
      ...keyOf(2),
      status: "active",
    });
  });

  it.each([
    ["keeps it as unverified if nothing has changed", [readingOf(1)], { status: "unverified" }],
    ["keeps it as unverified if reads lag behind", [keyless, readingOf(1)], { status: "unverified" }],
  ] as const)("update() that is forced, of a key that did not move the timestamp, %s", async (_what, reads, status) => {
    const { lifecycle, outcomeOf } = start({ readAfter: reads });

    expect(await outcomeOf(lifecycle.update(undated, inputs))).toStrictEqual({ ...undated, ...status });
  });

  it.each([
    ["someone else has generated one", [readingOf(2), readingOf(2), readingOf(2)]],
    ["the tunnel shows no key any more", [keyless, keyless, keyless, keyless, keyless, keyless, keyless]],
  ] as const)("update() that is forced sets it again if %s", async (_what, reads) => {
    const { lifecycle, outcomeOf, calls } = start({ set: [{ psk }], readAfter: reads });

    expect(await outcomeOf(lifecycle.update(undated, inputs))).toMatchObject({
      psk,
      isSet: true,
      status: "unverified",
    });
    expect(calls.filter((call) => call.endsWith(" set"))).toHaveLength(1);
  });

  it("update() that is forced does not take the other key's timestamp for its own if the read before the request lags behind", async () => {
    const { lifecycle, outcomeOf } = start({
      set: [sent(2)],
      readAfter: [readingOf(2), readingOf(1), readingOf(2)],
    });

    expect(await outcomeOf(lifecycle.update(undated, inputs))).toMatchObject({
      status: "unverified",
      unmovedTimestamp: keyOf(2).lastGeneratedOn,
    });
  });

  it("does not mistake a timestamp that did not move for a clock that is wrong", async () => {
    const { lifecycle, outcomeOf, lines } = start({ set: [{ psk }], readAfter: [readingOf(1), readingOf(1)] });

    await outcomeOf(lifecycle.create(inputs));

    expect(lines.join()).not.toContain("clock");
  });
});

describe("createLifecycle() with a tunnel that is named by its name", () => {
  const byId: Inputs = { accountId, ipsecTunnelId };
  const byName: Inputs = { accountId, ipsecTunnelName: "branch-1" };
  const pinned: Inputs = { ...byName, ipsecTunnelCreatedOn: PIN };
  const toParis: Inputs = { ...byName, ipsecTunnelName: "paris" };
  const storedById: StoredState = { ...storedState, ...keyOf(1), status: "active" };
  const stored: StoredState = { ...storedById, ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: CREATED };
  const replace = { kind: "replace", properties: ["ipsecTunnelId"] };

  const startWith = (
    atHand: readonly ListedTunnel[] | undefined,
    fresh: readonly ListedTunnel[] | undefined = atHand,
    drift?: DriftReads,
  ) => {
    const { names, reads } = namesOf(atHand, fresh);
    return { reads, ...start({}, {}, undefined, drift, names) };
  };

  describe("diff()", () => {
    it("looks a name that did not change up in the list that the look for drift reads, and in no other", async () => {
      const { drift, looks } = driftOf(readingOf(1));
      const { lifecycle, reads } = startWith([branch], undefined, drift);

      await expect(lifecycle.diff(stored, byName)).resolves.toEqual({ kind: "keep" });
      expect([reads, looks]).toEqual([["at hand"], ["list"]]);
    });

    it("looks a name that did not change up nowhere if it does not look for drift", async () => {
      const { lifecycle, reads } = startWith([recreated]);

      await expect(lifecycle.diff(stored, byName)).resolves.toEqual({ kind: "keep" });
      expect(reads).toEqual([]);
    });

    it("looks a name that did not change up in the list that a refresh has just read, too", async () => {
      const { names, reads } = namesOf([recreated]);
      const { lifecycle } = start({ readFromList: [readingOf(1)] }, {}, undefined, driftOf(readingOf(1)).drift, names);

      await lifecycle.read(stored);

      await expect(lifecycle.diff(stored, byName)).resolves.toEqual(replace);
      expect(reads).toEqual(["at hand", "fresh"]);
    });

    it("does not look up again what the last `up` has looked up", async () => {
      const { lifecycle, reads } = startWith(undefined);

      await expect(lifecycle.diff(stored, toParis, { last: toParis })).resolves.toEqual({ kind: "keep" });
      expect(reads).toEqual([]);
    });

    it("looks up only the name that changed if it does not look for drift", async () => {
      const { lifecycle, reads } = startWith([renamed]);

      await lifecycle.diff(stored, byName);
      await lifecycle.diff(stored, toParis);
      await lifecycle.diff(stored, pinned);

      expect(reads).toEqual(["at hand"]);
    });

    it.each<[string, Inputs, StoredState, ListedTunnel]>([
      ["a tunnel that was renamed", toParis, stored, renamed],
      ["its name instead of its ID", byName, storedById, branch],
      ["a pin beside its name", pinned, stored, branch],
      ["its name and a pin instead of its ID", pinned, storedById, branch],
      ["no pin any more", byName, { ...stored, ipsecTunnelCreatedOn: PIN }, branch],
      [
        "its precise creation time instead of the whole second",
        { ...byName, ipsecTunnelCreatedOn: CREATED },
        stored,
        branch,
      ],
      ["its ID instead of its name", byId, stored, branch],
    ])("plans nothing for %s", async (_what, inputs, state, listed) => {
      const { lifecycle } = startWith([listed], undefined, driftOf(readingOf(1)).drift);

      await expect(lifecycle.diff(state, inputs)).resolves.toEqual({ kind: "keep" });
    });

    it.each<[string, Inputs]>([
      ["an unknown name", { accountId, ipsecTunnelName: UNKNOWN }],
      ["an unknown pin", { ...byName, ipsecTunnelCreatedOn: UNKNOWN }],
      ["another name with an unknown pin", { ...toParis, ipsecTunnelCreatedOn: UNKNOWN }],
      ["both unknown", { accountId, ipsecTunnelName: UNKNOWN, ipsecTunnelCreatedOn: UNKNOWN }],
    ])("plans no replacement for %s, whatever the list shows", async (_what, inputs) => {
      const { drift } = driftOf(readingOf(1));

      for (const state of [stored, storedById]) {
        const { lifecycle } = startWith([recreated, { ...renamed, id: "e".repeat(32) }], undefined, drift);
        await expect(lifecycle.diff(state, inputs)).resolves.toEqual({ kind: "keep" });
      }
    });

    it("still rotates for a changed trigger while the name is unknown", async () => {
      const { lifecycle } = startWith(undefined);
      const inputs = { accountId, ipsecTunnelName: UNKNOWN, rotationTriggers: { a: "2" } };

      await expect(lifecycle.diff(stored, inputs)).resolves.toMatchObject({ kind: "generate" });
    });

    it("replaces if the list shows another tunnel under an unpinned name", async () => {
      const { lifecycle, reads } = startWith([recreated], undefined, driftOf(gone).drift);

      await expect(lifecycle.diff(stored, byName)).resolves.toEqual(replace);
      expect(reads).toEqual(["at hand", "fresh"]);
    });

    it.each<[string, Inputs, StoredState]>([
      ["a changed trigger", { ...byName, rotationTriggers: { a: "2" } }, stored],
      ["a lost key", byName, { ...stored, status: "lost" }],
      ["a rotation by someone else", { ...byName, onExternalRotation: "fail" }, { ...stored, status: "superseded" }],
      ["an existing key", { ...byName, existingKey }, stored],
    ])(
      "replaces beside %s, so that no key is generated for the tunnel that has left the name",
      async (_what, inputs, state) => {
        const { lifecycle } = startWith([recreated, renamed], undefined, driftOf(readingOf(1)).drift);

        await expect(lifecycle.diff(state, inputs)).resolves.toEqual(replace);
      },
    );

    it("replaces for the name of another tunnel", async () => {
      const { lifecycle } = startWith([branch, { ...recreated, name: "paris" }]);

      await expect(lifecycle.diff(stored, toParis)).resolves.toEqual(replace);
    });

    it.each<[string, readonly ListedTunnel[] | undefined]>([
      ["the list shows the new tunnel", [recreated]],
      ["the list still shows the old one", [branch]],
      ["the list shows neither", []],
      ["no list can be read", undefined],
    ])("replaces for a pin of another second: %s", async (_what, list) => {
      const { lifecycle } = startWith(list);

      await expect(lifecycle.diff(stored, { ...byName, ipsecTunnelCreatedOn: LATER_PIN })).resolves.toEqual(replace);
    });

    it("leaves a name that no list has to an update, and does not fail", async () => {
      const { lifecycle, calls, reads } = startWith([branch]);

      await expect(lifecycle.diff(stored, toParis)).resolves.toEqual({ kind: "find" });
      expect([calls, reads]).toEqual([[], ["at hand", "fresh"]]);
    });

    it("replaces for another account without a look at its list", async () => {
      const { lifecycle, reads } = startWith([recreated]);

      await expect(lifecycle.diff(stored, { ...toParis, accountId: another })).resolves.toEqual({
        kind: "replace",
        properties: ["accountId"],
      });
      expect(reads).toEqual([]);
    });
  });

  describe("create()", () => {
    it("keeps the ID that the list shows, and when the tunnel was created to the microsecond", async () => {
      const { lifecycle, calls } = start({ list: [[branch]], generate: [generated], readAfter: [readingOf(3)] });

      expect(await lifecycle.create(pinned)).toStrictEqual({
        accountId,
        ipsecTunnelId,
        ipsecTunnelName: "branch-1",
        ipsecTunnelCreatedOn: CREATED,
        ...generated,
        status: "active",
        stateVersion: STATE_VERSION,
      });
      expect(calls).toEqual(["0 ms: recent list", "0 ms: generate", "0 ms: readAfter"]);
    });

    it("stores a state for which nothing is planned, pinned or not, and nothing is looked up", async () => {
      const { names, reads } = namesOf([recreated]);
      const script = { list: [[branch]], generate: [generated], readAfter: [readingOf(3)] };
      const { lifecycle } = start(script, {}, undefined, undefined, names);

      const state = await lifecycle.create(byName);

      for (const inputs of [byName, pinned])
        await expect(lifecycle.diff(state, inputs)).resolves.toEqual({ kind: "keep" });
      expect(reads).toEqual([]);
    });

    it("takes over an existing key", async () => {
      const { lifecycle, calls } = start({ list: [[branch]], read: [readingOf(2)] });

      await expect(lifecycle.create({ ...byName, existingKey })).resolves.toMatchObject({
        ipsecTunnelId,
        psk: existingKey.psk,
      });
      expect(calls).toEqual(["0 ms: recent list", "0 ms: read"]);
    });

    it("fails for a name that the account lacks with the names that it has, and leaves nothing", async () => {
      const { lifecycle, calls, outcomeOf } = start({
        list: Array(6).fill([renamed, { ...branch, name: "branch-2" }]),
      });

      const failed = await outcomeOf(lifecycle.create(byName));

      expect(failed).toMatchObject({
        code: "ERR_TUNNEL_NOT_FOUND",
        details: { summary: `Cannot find IPsec tunnel "branch-1" in account ${accountId}: it has "branch-2", "paris"` },
      });
      expect(failed).not.toBeInstanceOf(PartialFailure);
      expect(calls.filter((call) => !call.endsWith("list"))).toEqual([]);
    });

    it("keeps the resolved ID if it fails after Cloudflare sent a key", async () => {
      const script = { list: [[branch]], generate: [generated], readAfter: [readingOf(4)] };
      const { lifecycle } = start(script, { maxGenerations: 1 });

      const { kept } = await partialFailureOf(lifecycle.create(byName));

      expect(kept).toMatchObject({ ipsecTunnelId, ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: CREATED });
    });

    it("says which tunnel a line is about as the program names it", async () => {
      const { lifecycle, lines } = start({
        list: [[{ id: ipsecTunnelId, name: "branch-1" }]],
        generate: [generated],
        readAfter: [readingOf(3)],
      });

      await lifecycle.create(pinned);

      expect(lines).toEqual([expect.stringContaining("branch-1: ipsecTunnelCreatedOn was not compared")]);
    });
  });

  describe("update()", () => {
    const rotatingByName: Inputs = { ...byName, rotationTriggers: { a: "2" } };

    it("generates for the stored tunnel without a list if the name did not change", async () => {
      const { lifecycle, calls } = start({ generate: [generated], readAfter: [readingOf(3)] });

      await expect(lifecycle.update(stored, rotatingByName)).resolves.toMatchObject({
        ipsecTunnelId,
        ipsecTunnelName: "branch-1",
        ipsecTunnelCreatedOn: CREATED,
      });
      expect(calls).toEqual(["0 ms: generate", "0 ms: readAfter"]);
    });

    it("generates for the stored tunnel without a list if the last `up` named it so", async () => {
      const { lifecycle, calls } = start({ generate: [generated], readAfter: [readingOf(3)] });

      const paris = { ...rotatingByName, ipsecTunnelName: "paris" };
      await expect(lifecycle.update(stored, paris, { last: paris })).resolves.toMatchObject({
        ipsecTunnelName: "paris",
      });
      expect(calls).toEqual(["0 ms: generate", "0 ms: readAfter"]);
    });

    it("stores the new name with the next key", async () => {
      const { lifecycle } = start({ list: [[renamed]], generate: [generated], readAfter: [readingOf(3)] });

      await expect(lifecycle.update(stored, { ...rotatingByName, ipsecTunnelName: "paris" })).resolves.toMatchObject({
        ipsecTunnelId,
        ipsecTunnelName: "paris",
        ...generated,
      });
    });

    it("forgets the name with the next key if the program gives the ID", async () => {
      const { lifecycle } = start({ generate: [generated], readAfter: [readingOf(3)] });

      const state = await lifecycle.update(stored, { ...byId, rotationTriggers: { a: "2" } });

      expect(Object.keys(state)).not.toEqual(expect.arrayContaining([expect.stringMatching(/Name|CreatedOn/)]));
    });

    it("keeps the key of a tunnel that no list had under its new name when this was planned", async () => {
      const { lifecycle, calls } = start({ list: [[renamed]], readAfter: [readingOf(1)] });

      await expect(lifecycle.update(stored, toParis)).resolves.toStrictEqual({ ...stored, ipsecTunnelName: "paris" });
      expect(calls).toEqual(["0 ms: recent list", "0 ms: readAfter"]);
    });

    it("fails for a name that no list has with the closest names, and leaves the state as it is", async () => {
      const { lifecycle, calls, outcomeOf } = start({ list: Array(6).fill([branch]) });

      const failed = await outcomeOf(lifecycle.update(stored, { ...byName, ipsecTunnelName: "branch-2" }));

      expect(failed).toMatchObject({
        code: "ERR_TUNNEL_NOT_FOUND",
        details: { summary: expect.stringContaining(': it has "branch-1"') as string },
      });
      expect(failed).not.toBeInstanceOf(PartialFailure);
      expect(calls.filter((call) => !call.endsWith("list"))).toEqual([]);
    });

    it("fails if it finds another tunnel, says to run up again, and generates nothing", async () => {
      const { lifecycle, calls } = start({ list: [[branch, { ...recreated, name: "paris" }]] });

      await expect(rejectionOf(lifecycle.update(stored, toParis))).resolves.toMatchObject({
        code: "ERR_TUNNEL_NOT_FOUND",
        nextStep: "retry",
        details: {
          summary: expect.stringContaining(
            `of IPsec tunnel ${ipsecTunnelId}: the name "paris" now belongs to another tunnel`,
          ) as string,
        },
      });
      expect(calls).toEqual(["0 ms: recent list"]);
    });

    it("keeps the resolved ID if it loses its key", async () => {
      const { lifecycle, outcomeOf } = start({ generate: Array(4).fill(lostResponse) });

      const failed = await outcomeOf(lifecycle.update(stored, rotatingByName));

      expect((failed as PartialFailure).kept).toStrictEqual({ ...stored, status: "lost" });
    });
  });

  describe("claims", () => {
    const claimed = expect.objectContaining({ code: "ERR_INVALID_INPUT" }) as unknown;

    it.each<[string, Inputs, Inputs]>([
      ["by its ID after one by its name", byName, byId],
      ["by its name after one by its ID", byId, byName],
    ])("create() refuses a second key %s before it generates", async (_what, first, second) => {
      const script = { list: [[branch]], generate: [generated], readAfter: [readingOf(3)] };
      const { lifecycle, calls } = start(script);
      await lifecycle.create(first);

      await expect(lifecycle.create(second)).rejects.toEqual(claimed);
      expect(calls.filter((call) => call.endsWith("generate"))).toHaveLength(1);
    });

    it("create() refuses a second key on the tunnel of a resource that keeps its own", async () => {
      const { lifecycle, calls } = startWith([branch]);
      await lifecycle.diff(stored, byName);

      await expect(lifecycle.create(byId)).rejects.toEqual(claimed);
      expect(calls).toEqual([]);
    });

    it("update() refuses a second key before it generates", async () => {
      const { lifecycle, calls } = startWith([branch]);
      await lifecycle.diff(stored, byName);

      await expect(lifecycle.update(storedById, { ...byId, rotationTriggers: { a: "2" } })).rejects.toEqual(claimed);
      expect(calls).toEqual([]);
    });

    it.each<[string, StoredState, Inputs, Inputs]>([
      ["its name instead of its ID", storedById, byId, byName],
      ["its ID instead of its name", stored, byName, byId],
      ["its new name", stored, byName, toParis],
    ])("diff() lets the program give %s after a refresh", async (_what, state, old, now) => {
      const { names } = namesOf([now === toParis ? renamed : branch]);
      const { lifecycle } = start({ readFromList: [readingOf(1)] }, {}, undefined, undefined, names);
      const refreshed = await lifecycle.read(state);
      await lifecycle.diff(refreshed, old);

      await expect(lifecycle.diff(refreshed, now)).resolves.toEqual({ kind: "keep" });
    });

    it("create() lets another resource have the tunnel of one that is no more, whose key a refresh has read", async () => {
      const script = {
        readFromList: [readingOf(1)],
        list: [[branch]],
        generate: [generated],
        readAfter: [readingOf(3)],
      };
      const { lifecycle } = start(script);
      const refreshed = await lifecycle.read(storedById);
      await lifecycle.diff(refreshed, byId);

      await expect(lifecycle.create(byName)).resolves.toMatchObject({ ipsecTunnelId });
    });

    it("update() lets the program give another name after a refresh, even if no list has shown it to the diff", async () => {
      const script = { readFromList: [readingOf(1)], list: [[renamed]], readAfter: [readingOf(1)] };
      const { lifecycle } = start(script);
      const refreshed = await lifecycle.read(stored);
      await lifecycle.diff(refreshed, byName);
      await expect(lifecycle.diff(refreshed, toParis)).resolves.toEqual({ kind: "find" });

      await expect(lifecycle.update(refreshed, toParis)).resolves.toMatchObject({ ipsecTunnelName: "paris" });
    });

    it("create() refuses a second key on the tunnel of a resource that keeps its own after a refresh", async () => {
      const { lifecycle, calls } = start({ readFromList: [readingOf(1)] });
      const refreshed = await lifecycle.read(stored);
      await lifecycle.diff(refreshed, byName);
      await lifecycle.diff(refreshed, byName);

      await expect(lifecycle.create(byId)).rejects.toEqual(claimed);
      expect(calls.filter((call) => call.endsWith("generate"))).toEqual([]);
    });

    it("create() lets another resource have the tunnel that a name has left", async () => {
      const { names } = namesOf([recreated, renamed]);
      const script = { generate: [generated], readAfter: [readingOf(3)] };
      const { lifecycle } = start(script, {}, undefined, driftOf(readingOf(1)).drift, names);
      await expect(lifecycle.diff(stored, byName)).resolves.toEqual(replace);

      await expect(lifecycle.create(byId)).resolves.toMatchObject({ ipsecTunnelId });
    });
  });
});

/** An account whose list cannot be read. */
const NO_NAMES: NameReads = { atHand: () => Promise.resolve(undefined), fresh: () => Promise.resolve(undefined) };

function start(
  script: Script = {},
  limits: Partial<Limits> | (() => Limits) = {},
  requireEngine: () => Promise<void> = () => Promise.resolve(),
  drift?: DriftReads,
  names: NameReads = NO_NAMES,
) {
  const { tunnels, clock, calls, finish } = startTunnels(script);
  const lines: string[] = [];
  const lifecycle = createLifecycle({
    tunnels: () => Promise.resolve(tunnels),
    clock,
    limits: typeof limits === "function" ? limits : () => ({ ...DEFAULT_LIMITS, ...limits }),
    announce: (ref, line) => lines.push(`${ref.ipsecTunnelId ?? ref.ipsecTunnelName ?? ""}: ${line}`),
    requireEngine,
    drift: () => Promise.resolve(drift),
    names: () => Promise.resolve(names),
  });
  /** What an operation returns or throws, in virtual time. */
  const outcomeOf = (operation: Promise<unknown>): Promise<unknown> =>
    finish(operation).catch((error: unknown) => error);
  return { lifecycle, clock, calls, lines, outcomeOf };
}

/** Lists that always show the same tunnels; `undefined` if they cannot be read. */
function namesOf(atHand: readonly ListedTunnel[] | undefined, fresh = atHand) {
  const reads: string[] = [];
  const read = (which: string, list: readonly ListedTunnel[] | undefined) => () => {
    reads.push(which);
    return Promise.resolve(list);
  };
  return { reads, names: { atHand: read("at hand", atHand), fresh: read("fresh", fresh) } satisfies NameReads };
}

/** A look at the edge that always shows the same. */
function driftOf(reading: TunnelReading | undefined) {
  const looks: string[] = [];
  const look = (how: string) => () => {
    looks.push(how);
    return Promise.resolve(reading);
  };
  const drift: DriftReads = { fromList: look("list"), fromSecondList: look("second list"), single: look("single") };
  return { drift, looks };
}

async function partialFailureOf(operation: Promise<unknown>): Promise<PartialFailure> {
  const outcome: unknown = await operation.catch((error: unknown) => error);
  if (outcome instanceof PartialFailure) return outcome;
  throw new Error("The test expects a PartialFailure", { cause: outcome });
}
