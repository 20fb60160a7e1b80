import { generateAndVerify, GenerationFailure } from "../../src/psk/generation";
import type { Limits } from "../../src/psk/limits";
import { failure, keyless, keyOf, lostAnswer, type Script, sightOf, startOperation } from "./scripted-tunnels";
import { accountId, ipsecTunnelId } from "./support";

const tunnel = { accountId, ipsecTunnelId };
const engineGone = failure("ERR_ENGINE_GONE");

describe("generateAndVerify()", () => {
  function start(script: Script, changes: Partial<Limits> = {}) {
    const started = startOperation(script, changes);
    const run = () => started.finish(generateAndVerify(started.edge, tunnel, started.context));
    const fail = async (): Promise<GenerationFailure> => {
      const thrown: unknown = await run().catch((error: unknown) => error);
      if (thrown instanceof GenerationFailure) return thrown;
      throw new Error("The test expects a GenerationFailure", { cause: thrown });
    };
    return { ...started, run, fail };
  }

  it("generates once, and reads after the answer", async () => {
    const { run, calls, lines } = start({ generate: [{ ...keyOf(1), ipsecId: "1_2" }], readAfter: [sightOf(1)] });

    expect(await run()).toStrictEqual({ ...keyOf(1), ipsecId: "1_2", status: "active" });
    expect(calls).toEqual(["0 ms: generate", "0 ms: readAfter"]);
    expect(lines).toEqual([]);
  });

  it("does not read before the answer is there", async () => {
    const started = start({ readAfter: [sightOf(1)], generate: [() => started.clock.sleep(7).then(() => keyOf(1))] });

    await started.run();

    expect(started.calls).toEqual(["0 ms: generate", "7 ms: readAfter"]);
  });

  describe("when it cannot be verified", () => {
    it("keeps the key all the same, and says so", async () => {
      const { run, lines } = start({ generate: [keyOf(1)], readAfter: [failure("ERR_NOT_AUTHORIZED")] });

      expect(await run()).toStrictEqual({ ...keyOf(1), status: "unverified" });
      expect(lines).toEqual([
        "the key could not be verified: Cannot go on as of ERR_NOT_AUTHORIZED. The next refresh settles it",
      ]);
    });

    it("keeps the key's own time stamp where reads only ever lag behind", async () => {
      const { run } = start({ generate: [keyOf(2)], readAfter: Array(5).fill(sightOf(1)) });

      expect(await run()).toStrictEqual({ ...keyOf(2), status: "unverified" });
    });

    it("takes the time stamp that the answer lacked from the first read", async () => {
      const { psk } = keyOf(1);
      const { run } = start({ generate: [{ psk }], readAfter: [sightOf(1)] });

      expect(await run()).toStrictEqual({
        psk,
        lastGeneratedOn: sightOf(1).lastGeneratedOn,
        status: "unverified",
      });
    });

    it("goes without a time stamp where nobody has one", async () => {
      const { psk } = keyOf(1);
      const { run } = start({ generate: [{ psk }], readAfter: [keyless] });

      expect(await run()).toStrictEqual({ psk, status: "unverified" });
    });
  });

  describe("when an answer is lost", () => {
    it("waits for stragglers, generates again, and verifies", async () => {
      const { run, calls, lines } = start({ generate: [lostAnswer, keyOf(2)], readAfter: [sightOf(2)] });

      expect(await run()).toStrictEqual({ ...keyOf(2), status: "active" });
      expect(calls).toEqual([
        "0 ms: generate",
        "10000 ms: beforeLateSend",
        "10000 ms: generate",
        "10000 ms: readAfter",
      ]);
      expect(lines).toEqual([
        "Cannot go on as of ERR_OUTCOME_UNKNOWN; generating again, for only a new key can be known",
      ]);
    });

    it("generates once more where the straggler came after all", async () => {
      const { run } = start({ generate: [lostAnswer, keyOf(2), keyOf(4)], readAfter: [sightOf(3), sightOf(4)] });

      expect(await run()).toStrictEqual({ ...keyOf(4), status: "active" });
    });

    it.each([1, 2, 4])("gives up after %d generations, with the key lost", async (maxGenerations) => {
      const { fail, calls } = start({ generate: Array(4).fill(lostAnswer) }, { maxGenerations });

      expect(await fail()).toMatchObject({ cause: lostAnswer, received: undefined, lost: true });
      expect(calls.filter((call) => call.endsWith(" generate"))).toHaveLength(maxGenerations);
      expect(calls.at(-1)).toBe(`${(maxGenerations - 1) * 10_000} ms: generate`);
    });

    it.each([10_000, 5_000])("gives up when the deadline leaves no time for stragglers: %d ms", async (operationTimeoutMs) => {
      const { fail, calls } = start({ generate: [lostAnswer] }, { operationTimeoutMs });

      expect(await fail()).toMatchObject({ cause: lostAnswer, lost: true });
      expect(calls).toEqual(["0 ms: generate"]);
    });

    it("has time left when it was Cloudflare that asked to wait", async () => {
      const started = start(
        {
          generate: [
            async ({ onCloudflareWait }) => {
              await started.clock.sleep(300_000);
              onCloudflareWait(300_000);
              throw lostAnswer;
            },
            keyOf(2),
          ],
          readAfter: [sightOf(2)],
        },
        { operationTimeoutMs: 10_001 },
      );

      expect(await started.run()).toMatchObject({ status: "active" });
    });

    it.each(["ERR_NOT_AUTHORIZED", "ERR_UNREACHABLE", "ERR_RATE_LIMITED"] as const)(
      "remembers that a key may be lost when the next one is not made: %s",
      async (code) => {
        const refusal = failure(code);
        const { fail } = start({ generate: [lostAnswer, refusal] });

        expect(await fail()).toMatchObject({ cause: refusal, received: undefined, lost: true });
      },
    );
  });

  describe("when the key is overwritten", () => {
    it("generates again at once", async () => {
      const { run, calls, lines } = start({ generate: [keyOf(1), keyOf(3)], readAfter: [sightOf(2), sightOf(3)] });

      expect(await run()).toStrictEqual({ ...keyOf(3), status: "active" });
      expect(calls).toEqual([
        "0 ms: generate",
        "0 ms: readAfter",
        "0 ms: beforeLateSend",
        "0 ms: generate",
        "0 ms: readAfter",
      ]);
      expect(lines).toEqual(["another key was generated at 2026-03-01T12:02:00.123457Z, after ours; generating again"]);
    });

    it.each([1, 2, 4])("gives up after %d generations, with the last key received", async (maxGenerations) => {
      const { fail, calls } = start(
        { generate: [1, 3, 5, 7].map(keyOf), readAfter: [2, 4, 6, 8].map(sightOf) },
        { maxGenerations },
      );
      const last = maxGenerations * 2;
      const supersededOn = sightOf(last).lastGeneratedOn;

      expect(await fail()).toMatchObject({
        cause: {
          code: "ERR_OVERWRITTEN",
          details: {
            what: `Cannot keep a key of IPsec tunnel ${ipsecTunnelId} as somebody else keeps generating keys for it: ${maxGenerations} of ours were overwritten, the last at ${supersededOn}`,
          },
        },
        received: { ...keyOf(last - 1), status: "superseded", supersededOn },
        lost: false,
      });
      expect(calls.filter((call) => call.endsWith(" generate"))).toHaveLength(maxGenerations);
    });

    it("gives up when the deadline is over", async () => {
      const started = start(
        { generate: [keyOf(1)], readAfter: [() => started.clock.sleep(300_000).then(() => sightOf(2))] },
        { operationTimeoutMs: 300_000 },
      );

      expect(await started.fail()).toMatchObject({
        cause: { code: "ERR_OVERWRITTEN" },
        received: { ...keyOf(1), status: "superseded" },
      });
    });

    it("keeps the received key when the next one is refused", async () => {
      const refusal = failure("ERR_REFUSED");
      const { fail } = start({ generate: [keyOf(1), refusal], readAfter: [sightOf(2)] });

      expect(await fail()).toMatchObject({
        cause: refusal,
        received: { ...keyOf(1), status: "superseded" },
        lost: false,
      });
    });

    it("keeps the received key when the next one's answer is lost", async () => {
      const { fail } = start({ generate: [keyOf(1), lostAnswer], readAfter: [sightOf(2)] }, { maxGenerations: 2 });

      expect(await fail()).toMatchObject({
        cause: lostAnswer,
        received: { ...keyOf(1), status: "superseded" },
        lost: true,
      });
    });
  });

  describe("when a key does not suit its consumers", () => {
    const wanting = { ...tunnel, compatibleWith: ["aws", "azure"] as const };
    const suited = (generation: number) => ({ ...keyOf(generation), psk: `fakekeyfortestsonly${generation}` });
    function startFor(script: Script, changes: Partial<Limits> = {}) {
      const started = startOperation(script, changes);
      return { ...started, outcome: started.finish(generateAndVerify(started.edge, wanting, started.context)) };
    }
    const generationsIn = (calls: readonly string[]) => calls.filter((call) => call.endsWith(" generate")).length;

    it("generates until one does, and verifies that one alone", async () => {
      const { outcome, calls, lines } = startFor({
        generate: [keyOf(1), keyOf(2), suited(3)],
        readAfter: [sightOf(3)],
      });

      expect(await outcome).toStrictEqual({ ...suited(3), status: "active" });
      expect(calls).toEqual([
        "0 ms: generate",
        "0 ms: beforeLateSend",
        "0 ms: generate",
        "0 ms: beforeLateSend",
        "0 ms: generate",
        "0 ms: readAfter",
      ]);
      expect(lines).toEqual([
        "key 1 of at most 8 does not suit AWS Site-to-Site VPN and Azure VPN Gateway; generating again",
        "key 2 of at most 8 does not suit AWS Site-to-Site VPN and Azure VPN Gateway; generating again",
      ]);
    });

    it("takes the eighth", async () => {
      const { outcome, calls } = startFor({
        generate: [...[1, 2, 3, 4, 5, 6, 7].map(keyOf), suited(8)],
        readAfter: [sightOf(8)],
      });

      expect(await outcome).toMatchObject(suited(8));
      expect(generationsIn(calls)).toBe(8);
    });

    it("gives up after eight, and keeps the last one, which is in force", async () => {
      const { outcome, calls } = startFor({ generate: [1, 2, 3, 4, 5, 6, 7, 8].map(keyOf) });

      await expect(outcome).rejects.toMatchObject({
        cause: {
          code: "ERR_UNSUITABLE_PSK",
          details: {
            what: `Cannot use a key of IPsec tunnel ${ipsecTunnelId} as 8 were generated and none suits AWS Site-to-Site VPN and Azure VPN Gateway`,
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

      await expect(started.finish(generateAndVerify(started.edge, wanting, started.context))).rejects.toMatchObject({
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

    it("counts lost answers and keys that do not suit apart", async () => {
      const { outcome, calls } = startFor(
        { generate: [keyOf(1), lostAnswer, keyOf(3), keyOf(4), suited(5)], readAfter: [sightOf(5)] },
        { maxGenerations: 2 },
      );

      expect(await outcome).toMatchObject(suited(5));
      expect(generationsIn(calls)).toBe(5);
    });

    it("leaves keys alone that the program wants for nobody", async () => {
      const { run, calls } = start({ generate: [keyOf(1)], readAfter: [sightOf(1)] });

      await run();

      expect(generationsIn(calls)).toBe(1);
    });
  });

  it("fails plainly when the first one is refused, for nothing is lost", async () => {
    const refusal = failure("ERR_NOT_AUTHORIZED");
    const { fail, calls } = start({ generate: [refusal] });

    expect(await fail()).toMatchObject({ cause: refusal, received: undefined, lost: false });
    expect(calls).toEqual(["0 ms: generate"]);
  });

  it.each<[string, Script, Partial<GenerationFailure>]>([
    ["after a lost answer", { generate: [lostAnswer] }, { received: undefined, lost: true }],
    [
      "after a key that was overwritten",
      { generate: [keyOf(1)], readAfter: [sightOf(2)] },
      { received: { ...keyOf(1), status: "superseded", supersededOn: sightOf(2).lastGeneratedOn }, lost: false },
    ],
  ])("generates nothing more when the engine has gone: %s", async (_what, script, left) => {
    const { edge, calls, finish, context } = startOperation(script);
    const operation = { ...context.operation, beforeLateSend: () => Promise.reject(engineGone) };

    const outcome = finish(generateAndVerify(edge, tunnel, { ...context, operation }));

    await expect(outcome).rejects.toMatchObject({ cause: engineGone, ...left });
    expect(calls.filter((call) => call.endsWith(" generate"))).toEqual(["0 ms: generate"]);
  });

  it("counts an unexpected failure as a lost answer, and does not repeat what is a fault of ours", async () => {
    const { fail, calls } = start({ generate: [new TypeError("a bug")] });

    const { lost, message } = await fail();

    expect(lost).toBe(true);
    expect(message).toContain("a bug");
    expect(calls).toEqual(["0 ms: generate"]);
  });
});
