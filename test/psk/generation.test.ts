import { generateAndVerify, GenerationFailure } from "../../src/psk/generation";
import type { Limits } from "../../src/psk/limits";
import { failure, keyless, keyOf, lostResponse, readingOf, type Script, startOperation } from "./scripted-tunnels";
import { accountId, ipsecTunnelId } from "./support";

const tunnel = { accountId, ipsecTunnelId };
const engineGone = failure("ERR_ENGINE_GONE");

describe("generateAndVerify()", () => {
  function start(script: Script, changes: Partial<Limits> = {}) {
    const started = startOperation(script, changes);
    const run = () => started.finish(generateAndVerify(started.tunnels, tunnel, started.context));
    const fail = async (): Promise<GenerationFailure> => {
      const thrown: unknown = await run().catch((error: unknown) => error);
      if (thrown instanceof GenerationFailure) return thrown;
      throw new Error("The test expects a GenerationFailure", { cause: thrown });
    };
    return { ...started, run, fail };
  }

  it("generates once, then reads", async () => {
    const { run, calls, lines } = start({ generate: [{ ...keyOf(1), ipsecId: "1_2" }], readAfter: [readingOf(1)] });

    expect(await run()).toStrictEqual({ ...keyOf(1), ipsecId: "1_2", status: "active" });
    expect(calls).toEqual(["0 ms: generate", "0 ms: readAfter"]);
    expect(lines).toEqual([]);
  });

  it("does not read before the response has arrived", async () => {
    const started = start({ readAfter: [readingOf(1)], generate: [() => started.clock.sleep(7).then(() => keyOf(1))] });

    await started.run();

    expect(started.calls).toEqual(["0 ms: generate", "7 ms: readAfter"]);
  });

  describe("when the key cannot be verified", () => {
    it("keeps the key, and says so", async () => {
      const { run, lines } = start({ generate: [keyOf(1)], readAfter: [failure("ERR_NOT_AUTHORIZED")] });

      expect(await run()).toStrictEqual({ ...keyOf(1), status: "unverified" });
      expect(lines).toEqual([
        "the key could not be verified: Cannot continue: the script says ERR_NOT_AUTHORIZED. The next refresh verifies it",
      ]);
    });

    it("keeps the key's own timestamp if every read lags behind", async () => {
      const { run } = start({ generate: [keyOf(2)], readAfter: Array(5).fill(readingOf(1)) });

      expect(await run()).toStrictEqual({ ...keyOf(2), status: "unverified" });
    });

    it("takes the timestamp from the first read if the response had none", async () => {
      const { psk } = keyOf(1);
      const { run } = start({ generate: [{ psk }], readAfter: [readingOf(1)] });

      expect(await run()).toStrictEqual({
        psk,
        lastGeneratedOn: readingOf(1).lastGeneratedOn,
        status: "unverified",
      });
    });

    it("keeps a key without a timestamp if neither the response nor the read has one", async () => {
      const { psk } = keyOf(1);
      const { run } = start({ generate: [{ psk }], readAfter: [keyless] });

      expect(await run()).toStrictEqual({ psk, status: "unverified" });
    });
  });

  describe("when a response is lost", () => {
    it("waits for the late request, generates again, and verifies", async () => {
      const { run, calls, lines } = start({ generate: [lostResponse, keyOf(2)], readAfter: [readingOf(2)] });

      expect(await run()).toStrictEqual({ ...keyOf(2), status: "active" });
      expect(calls).toEqual([
        "0 ms: generate",
        "10000 ms: beforeLateSend",
        "10000 ms: generate",
        "10000 ms: readAfter",
      ]);
      expect(lines).toEqual([
        "Cannot continue: the script says ERR_OUTCOME_UNKNOWN; generating a new key, because the lost one cannot be recovered",
      ]);
    });

    it("generates once more if the late request takes effect after all", async () => {
      const { run } = start({ generate: [lostResponse, keyOf(2), keyOf(4)], readAfter: [readingOf(3), readingOf(4)] });

      expect(await run()).toStrictEqual({ ...keyOf(4), status: "active" });
    });

    it.each([1, 2, 4])("gives up after %d generations, with the key lost", async (maxGenerations) => {
      const { fail, calls } = start({ generate: Array(4).fill(lostResponse) }, { maxGenerations });

      expect(await fail()).toMatchObject({ cause: lostResponse, received: undefined, lost: true });
      expect(calls.filter((call) => call.endsWith(" generate"))).toHaveLength(maxGenerations);
      expect(calls.at(-1)).toBe(`${(maxGenerations - 1) * 10_000} ms: generate`);
    });

    it.each([10_000, 5_000])(
      "gives up when the deadline leaves no time to wait for the late request: %d ms",
      async (operationTimeoutMs) => {
        const { fail, calls } = start({ generate: [lostResponse] }, { operationTimeoutMs });

        expect(await fail()).toMatchObject({ cause: lostResponse, lost: true });
        expect(calls).toEqual(["0 ms: generate"]);
      },
    );

    it("does not count a wait that Cloudflare asked for", async () => {
      const started = start(
        {
          generate: [
            async ({ onCloudflareWait }) => {
              await started.clock.sleep(300_000);
              onCloudflareWait(300_000);
              throw lostResponse;
            },
            keyOf(2),
          ],
          readAfter: [readingOf(2)],
        },
        { operationTimeoutMs: 10_001 },
      );

      expect(await started.run()).toMatchObject({ status: "active" });
    });

    it.each(["ERR_NOT_AUTHORIZED", "ERR_UNREACHABLE", "ERR_RATE_LIMITED"] as const)(
      "reports the key as lost even if the next generation is refused: %s",
      async (code) => {
        const refusal = failure(code);
        const { fail } = start({ generate: [lostResponse, refusal] });

        const { cause, received, lost } = await fail();

        expect({ received, lost }).toEqual({ received: undefined, lost: true });
        expect(cause).toMatchObject({ code: "ERR_OUTCOME_UNKNOWN", nextStep: refusal.nextStep });
        expect(cause.details.summary).toBe(
          `${lostResponse.details.summary}. The next attempt failed: ${refusal.details.summary}`,
        );
      },
    );
  });

  describe("when the key is overwritten", () => {
    it("generates again immediately", async () => {
      const { run, calls, lines } = start({ generate: [keyOf(1), keyOf(3)], readAfter: [readingOf(2), readingOf(3)] });

      expect(await run()).toStrictEqual({ ...keyOf(3), status: "active" });
      expect(calls).toEqual([
        "0 ms: generate",
        "0 ms: readAfter",
        "0 ms: beforeLateSend",
        "0 ms: generate",
        "0 ms: readAfter",
      ]);
      expect(lines).toEqual([
        "another key was generated at 2026-03-01T12:02:00.123457Z, after this run's key; generating another one",
      ]);
    });

    it.each([1, 2, 4])("gives up after %d generations, with the last key received", async (maxGenerations) => {
      const { fail, calls } = start(
        { generate: [1, 3, 5, 7].map(keyOf), readAfter: [2, 4, 6, 8].map(readingOf) },
        { maxGenerations },
      );
      const last = maxGenerations * 2;
      const supersededOn = readingOf(last).lastGeneratedOn;

      expect(await fail()).toMatchObject({
        cause: {
          code: "ERR_OVERWRITTEN",
          details: {
            summary: `Cannot keep a key of IPsec tunnel ${ipsecTunnelId}: another key was generated at ${supersededOn}, after this run's key, in the last of ${maxGenerations} attempts`,
          },
        },
        received: { ...keyOf(last - 1), status: "superseded", supersededOn },
        lost: false,
      });
      expect(calls.filter((call) => call.endsWith(" generate"))).toHaveLength(maxGenerations);
    });

    it("gives up when the deadline is over", async () => {
      const started = start(
        { generate: [keyOf(1)], readAfter: [() => started.clock.sleep(300_000).then(() => readingOf(2))] },
        { operationTimeoutMs: 300_000 },
      );

      expect(await started.fail()).toMatchObject({
        cause: { code: "ERR_OVERWRITTEN" },
        received: { ...keyOf(1), status: "superseded" },
      });
    });

    it("keeps the received key when the next one is refused", async () => {
      const refusal = failure("ERR_REFUSED");
      const { fail } = start({ generate: [keyOf(1), refusal], readAfter: [readingOf(2)] });

      expect(await fail()).toMatchObject({
        cause: refusal,
        received: { ...keyOf(1), status: "superseded" },
        lost: false,
      });
    });

    it("keeps the received key when the next response is lost", async () => {
      const { fail } = start({ generate: [keyOf(1), lostResponse], readAfter: [readingOf(2)] }, { maxGenerations: 2 });

      expect(await fail()).toMatchObject({
        cause: lostResponse,
        received: { ...keyOf(1), status: "superseded" },
        lost: true,
      });
    });
  });

  describe("when a key is not compatible", () => {
    const target = { ...tunnel, compatibleWith: ["aws", "azure"] as const };
    const compatibleKeyOf = (generation: number) => ({ ...keyOf(generation), psk: `fakekeyfortestsonly${generation}` });
    function startFor(script: Script, changes: Partial<Limits> = {}) {
      const started = startOperation(script, changes);
      return { ...started, outcome: started.finish(generateAndVerify(started.tunnels, target, started.context)) };
    }
    const generationsIn = (calls: readonly string[]) => calls.filter((call) => call.endsWith(" generate")).length;

    it("generates until one is compatible, and verifies only that one", async () => {
      const { outcome, calls, lines } = startFor({
        generate: [keyOf(1), keyOf(2), compatibleKeyOf(3)],
        readAfter: [readingOf(3)],
      });

      expect(await outcome).toStrictEqual({ ...compatibleKeyOf(3), status: "active" });
      expect(calls).toEqual([
        "0 ms: generate",
        "0 ms: beforeLateSend",
        "0 ms: generate",
        "0 ms: beforeLateSend",
        "0 ms: generate",
        "0 ms: readAfter",
      ]);
      expect(lines).toEqual([
        "key 1 of at most 8 is not compatible with AWS Site-to-Site VPN and Azure VPN Gateway; generating another one",
        "key 2 of at most 8 is not compatible with AWS Site-to-Site VPN and Azure VPN Gateway; generating another one",
      ]);
    });

    it("accepts the eighth", async () => {
      const { outcome, calls } = startFor({
        generate: [...[1, 2, 3, 4, 5, 6, 7].map(keyOf), compatibleKeyOf(8)],
        readAfter: [readingOf(8)],
      });

      expect(await outcome).toMatchObject(compatibleKeyOf(8));
      expect(generationsIn(calls)).toBe(8);
    });

    it("gives up after eight, and keeps the last one, which is active", async () => {
      const { outcome, calls } = startFor({ generate: [1, 2, 3, 4, 5, 6, 7, 8].map(keyOf) });

      await expect(outcome).rejects.toMatchObject({
        cause: {
          code: "ERR_UNSUITABLE_PSK",
          nextStep: "retry",
          details: {
            summary: `Cannot use a key of IPsec tunnel ${ipsecTunnelId}: 8 keys were generated, and none is compatible with AWS Site-to-Site VPN and Azure VPN Gateway`,
          },
        },
        received: { ...keyOf(8), status: "unverified" },
        lost: false,
      });
      expect(generationsIn(calls)).toBe(8);
    });

    it("gives up when the deadline is over", async () => {
      const started = startOperation(
        { generate: [() => started.clock.sleep(300_000).then(() => keyOf(1))] },
        { operationTimeoutMs: 300_000 },
      );

      await expect(started.finish(generateAndVerify(started.tunnels, target, started.context))).rejects.toMatchObject({
        cause: { code: "ERR_UNSUITABLE_PSK" },
        received: { ...keyOf(1), status: "unverified" },
      });
    });

    it("keeps the last one when the next is refused", async () => {
      const refusal = failure("ERR_REFUSED");
      const { outcome } = startFor({ generate: [keyOf(1), refusal] });

      await expect(outcome).rejects.toMatchObject({
        cause: refusal,
        received: { ...keyOf(1), status: "unverified" },
        lost: false,
      });
    });

    it("counts lost responses and incompatible keys separately", async () => {
      const { outcome, calls } = startFor(
        { generate: [keyOf(1), lostResponse, keyOf(3), keyOf(4), compatibleKeyOf(5)], readAfter: [readingOf(5)] },
        { maxGenerations: 2 },
      );

      expect(await outcome).toMatchObject(compatibleKeyOf(5));
      expect(generationsIn(calls)).toBe(5);
    });

    it("keeps the first key if the program does not set compatibleWith", async () => {
      const { run, calls } = start({ generate: [keyOf(1)], readAfter: [readingOf(1)] });

      await run();

      expect(generationsIn(calls)).toBe(1);
    });
  });

  it("fails with the refusal of the first generation, because nothing is lost", async () => {
    const refusal = failure("ERR_NOT_AUTHORIZED");
    const { fail, calls } = start({ generate: [refusal] });

    expect(await fail()).toMatchObject({ cause: refusal, received: undefined, lost: false });
    expect(calls).toEqual(["0 ms: generate"]);
  });

  it.each<[string, Script, Partial<GenerationFailure>]>([
    ["after a lost response", { generate: [lostResponse] }, { received: undefined, lost: true }],
    [
      "after an overwritten key",
      { generate: [keyOf(1)], readAfter: [readingOf(2)] },
      { received: { ...keyOf(1), status: "superseded", supersededOn: readingOf(2).lastGeneratedOn }, lost: false },
    ],
  ])("generates nothing more when the engine has exited: %s", async (_what, script, left) => {
    const { tunnels, calls, finish, context } = startOperation(script);
    const operation = { ...context.operation, beforeLateSend: () => Promise.reject(engineGone) };

    const outcome = finish(generateAndVerify(tunnels, tunnel, { ...context, operation }));

    await expect(outcome).rejects.toMatchObject(left);
    await expect(outcome).rejects.toThrow(engineGone.details.summary);
    expect(calls.filter((call) => call.endsWith(" generate"))).toEqual(["0 ms: generate"]);
  });

  it("treats an unexpected failure as a lost key, does not repeat it, and asks to report it", async () => {
    const { fail, calls } = start({ generate: [new TypeError("a bug")] });

    const { lost, cause } = await fail();

    expect(lost).toBe(true);
    expect(cause).toMatchObject({
      code: "ERR_OUTCOME_UNKNOWN",
      nextStep: "report",
      details: { summary: "Cannot tell whether a key was generated: something unexpected failed (a bug)" },
    });
    expect(calls).toEqual(["0 ms: generate"]);
  });
});

describe("generateAndVerify() of a key that the program gives", () => {
  const psk = "fake-key-that-is-set-for-tests-only";
  const sent = (generation: number) => ({ ...keyOf(generation), psk });
  const localGeneratedOn = "2026-03-01T12:00:00.000Z";
  const AGAIN = "setting the same key again";

  function start(script: Script, shownBefore?: string, changes: Partial<Limits> = {}) {
    const started = startOperation(script, changes);
    const run = () =>
      started.finish(generateAndVerify(started.tunnels, { ...tunnel, psk }, started.context, shownBefore));
    const fail = async (): Promise<GenerationFailure> => {
      const thrown: unknown = await run().catch((error: unknown) => error);
      if (thrown instanceof GenerationFailure) return thrown;
      throw new Error("The test expects a GenerationFailure", { cause: thrown });
    };
    return { ...started, run, fail };
  }

  it("reads what is shown before, sets once, and verifies", async () => {
    const { run, calls, lines } = start({ set: [sent(2)], readAfter: [readingOf(1), readingOf(2)] });

    expect(await run()).toStrictEqual({ ...sent(2), isSet: true, status: "active" });
    expect(calls).toEqual(["0 ms: readAfter", "0 ms: beforeLateSend", "0 ms: set", "0 ms: readAfter"]);
    expect(lines).toEqual([]);
  });

  it("sends nothing if the tunnel cannot be read before", async () => {
    const cause = failure("ERR_UNAVAILABLE");
    const { fail, calls } = start({ readAfter: [cause] });

    expect(await fail()).toMatchObject({ cause, received: undefined, lost: false });
    expect(calls).toEqual(["0 ms: readAfter"]);
  });

  it("sends nothing if the engine has exited meanwhile", async () => {
    const { tunnels, context, calls, finish } = startOperation({ readAfter: [readingOf(1)] });
    const operation = { ...context.operation, beforeLateSend: () => Promise.reject(engineGone) };
    const outcome = finish(generateAndVerify(tunnels, { ...tunnel, psk }, { ...context, operation }));

    await expect(outcome).rejects.toMatchObject({ cause: engineGone, lost: false });
    expect(calls).toEqual(["0 ms: readAfter"]);
  });

  it("takes the timestamp from the first read if the response had none, and the read shows a newer one than before", async () => {
    const { run, lines } = start({ set: [{ psk }], readAfter: [readingOf(1), readingOf(2)] });

    expect(await run()).toStrictEqual({
      psk,
      lastGeneratedOn: readingOf(2).lastGeneratedOn,
      isSet: true,
      status: "unverified",
    });
    expect(lines).toEqual([
      "the key could not be verified: Cloudflare's response had no timestamp to compare. The next refresh verifies it",
    ]);
  });

  it("sends a request again whose response was lost, after a wait for the late one, which would look like a rotation", async () => {
    const { run, calls, lines } = start({
      set: [lostResponse, lostResponse, sent(4)],
      readAfter: [readingOf(1), readingOf(4)],
    });

    expect(await run()).toStrictEqual({ ...sent(4), isSet: true, status: "active" });
    expect(calls.filter((call) => call.endsWith(" set"))).toEqual(["0 ms: set", "10000 ms: set", "20000 ms: set"]);
    expect(lines).toEqual(Array(2).fill(`Cannot continue: the script says ERR_OUTCOME_UNKNOWN; ${AGAIN}`));
  });

  it("gives up after maxGenerations lost responses, with an outcome that is unknown", async () => {
    const { fail, calls } = start({ set: Array(4).fill(lostResponse), readAfter: [readingOf(1)] });

    expect(await fail()).toMatchObject({ cause: lostResponse, received: undefined, lost: true });
    expect(calls.at(-1)).toBe("30000 ms: set");
  });

  it("sets its key again if someone else has generated one since, and that does not move the timestamp", async () => {
    const { run, lines } = start({ set: [sent(2), sent(3)], readAfter: [readingOf(1), readingOf(3), readingOf(3)] });

    // The second response shows what the other generation left.
    expect(await run()).toStrictEqual({
      psk,
      isSet: true,
      localGeneratedOn,
      unmovedTimestamp: keyOf(3).lastGeneratedOn,
      status: "unverified",
    });
    expect(lines[0]).toBe(
      `another key was generated at ${readingOf(3).lastGeneratedOn}, after this run's key; setting this run's key again`,
    );
  });

  describe("if the timestamp does not move", () => {
    it.each<[string, Script, string | undefined]>([
      [
        "the response shows the old one",
        { set: [sent(1)], readAfter: [readingOf(1), readingOf(1)] },
        keyOf(1).lastGeneratedOn,
      ],
      [
        "the response shows none",
        { set: [{ psk }], readAfter: [readingOf(1), readingOf(1)] },
        readingOf(1).lastGeneratedOn,
      ],
      ["the tunnel had none", { set: [{ psk }], readAfter: [keyless, keyless] }, undefined],
      [
        "the first read lags behind",
        { set: [sent(2)], readAfter: [readingOf(2), readingOf(1), keyless, readingOf(2)] },
        keyOf(2).lastGeneratedOn,
      ],
      ["the read fails", { set: [{ psk }], readAfter: [keyless, failure("ERR_NO_RESPONSE")] }, undefined],
    ])("keeps the key as unverified, never as active: %s", async (_what, script, unmovedTimestamp) => {
      const { run, lines } = start(script);

      expect(await run()).toStrictEqual({
        psk,
        isSet: true,
        localGeneratedOn,
        ...(unmovedTimestamp !== undefined && { unmovedTimestamp }),
        status: "unverified",
      });
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^the key could not be verified: .*\. No refresh can verify it$/);
    });

    it("sets its key again if a read shows a newer one, which is that of another key", async () => {
      const { run, lines } = start({ set: [sent(1), sent(2)], readAfter: [readingOf(1), readingOf(2), readingOf(2)] });

      expect(await run()).toMatchObject({ psk, status: "unverified", unmovedTimestamp: keyOf(2).lastGeneratedOn });
      expect(lines[0]).toBe(
        `another key was generated at ${readingOf(2).lastGeneratedOn}, after this run's key; setting this run's key again`,
      );
    });

    it("says why", async () => {
      const { run, lines } = start({ set: [sent(1)], readAfter: [readingOf(1), readingOf(1)] });

      await run();

      expect(lines).toEqual([
        "the key could not be verified: setting it did not move the tunnel's timestamp. No refresh can verify it",
      ]);
    });

    it("knows it even if the read before lagged behind the state", async () => {
      const { run } = start({ set: [sent(2)], readAfter: [readingOf(1), readingOf(2)] }, readingOf(2).lastGeneratedOn);

      expect(await run()).toMatchObject({ status: "unverified", unmovedTimestamp: keyOf(2).lastGeneratedOn });
    });
  });
});
