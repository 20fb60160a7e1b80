import { DEFAULT_LIMITS } from "../../src/psk/limits";
import { type Verdict, verify } from "../../src/psk/verification";
import { failure, gone, keyless, keyOf, type Script, sightOf, startOperation } from "./scripted-tunnels";
import { accountId, ipsecTunnelId } from "./support";

const tunnel = { accountId, ipsecTunnelId };
const ours = keyOf(2);
const lagging = "Cloudflare's reads lag behind: they still show 2026-03-01T12:01:00.123457Z";

describe("verify()", () => {
  function start(readAfter: NonNullable<Script["readAfter"]>, changes = {}) {
    const started = startOperation({ readAfter }, changes);
    const run = (key: { lastGeneratedOn?: string } = ours) =>
      started.finish(verify(started.edge, tunnel, key, started.context));
    return { ...started, run };
  }

  it.each<[string, NonNullable<Script["readAfter"]>, Verdict, number[]]>([
    ["the same", [sightOf(2)], { kind: "active" }, [0]],
    ["newer", [sightOf(3)], { kind: "overwritten", generatedOn: sightOf(3).lastGeneratedOn }, [0]],
    ["older, then the same", [sightOf(1), sightOf(2)], { kind: "active" }, [0, 1_000]],
    [
      "older, then newer",
      [sightOf(1), sightOf(3)],
      { kind: "overwritten", generatedOn: sightOf(3).lastGeneratedOn },
      [0, 1_000],
    ],
    ["missing, then the same", [keyless, sightOf(2)], { kind: "active" }, [0, 1_000]],
    ["no tunnel, then the same", [gone, sightOf(2)], { kind: "active" }, [0, 1_000]],
    [
      "older for ever",
      Array(5).fill(sightOf(1)),
      { kind: "unverified", why: lagging },
      [0, 1_000, 3_000, 7_000, 15_000],
    ],
    [
      "missing for ever",
      Array(5).fill(keyless),
      { kind: "unverified", why: "Cloudflare's reads show no time stamp" },
      [0, 1_000, 3_000, 7_000, 15_000],
    ],
    [
      "no tunnel for ever",
      Array(5).fill(gone),
      { kind: "unverified", why: "Cloudflare's reads show no such tunnel" },
      [0, 1_000, 3_000, 7_000, 15_000],
    ],
    [
      "refused",
      [failure("ERR_NOT_AUTHORIZED")],
      { kind: "unverified", why: "Cannot go on as of ERR_NOT_AUTHORIZED" },
      [0],
    ],
    [
      "older, then no answer",
      [sightOf(1), failure("ERR_NO_RESPONSE")],
      { kind: "unverified", why: "Cannot go on as of ERR_NO_RESPONSE" },
      [0, 1_000],
    ],
    // A read may end so when the engine has gone. A key that was received must not be lost for it.
    [
      "an unexpected failure",
      [new Error("The engine has gone")],
      { kind: "unverified", why: "The engine has gone" },
      [0],
    ],
  ])("reads: %s", async (_what, readAfter, verdict, times) => {
    const { run, calls } = start(readAfter);

    expect(await run()).toStrictEqual(verdict);
    expect(calls).toEqual(times.map((ms) => `${ms} ms: readAfter`));
  });

  it("takes the time stamp that the answer lacked from the first read, and believes it no further", async () => {
    const { run, calls } = start([sightOf(2)]);

    expect(await run({})).toStrictEqual({
      kind: "unverified",
      why: "Cloudflare's answer had no time stamp to compare",
      lastGeneratedOn: sightOf(2).lastGeneratedOn,
    });
    expect(calls).toHaveLength(1);
  });

  it.each([
    ["no key", keyless],
    ["no tunnel", gone],
  ])("does without a time stamp where the first read shows none: %s", async (_what, sight) => {
    const { run, calls } = start([sight]);

    expect(await run({})).not.toHaveProperty("lastGeneratedOn");
    expect(calls).toHaveLength(1);
  });

  it.each([1, 2, 5])("reads no more often than it may: %d times", async (maxReads) => {
    const { run, calls } = start(Array(5).fill(sightOf(1)), { maxReads });

    expect(await run()).toMatchObject({ kind: "unverified" });
    expect(calls).toHaveLength(maxReads);
  });

  it("reads once at least, and does not wait beyond the deadline", async () => {
    const { run, calls } = start(Array(5).fill(sightOf(1)), { operationTimeoutMs: 3_000 });

    expect(await run()).toStrictEqual({ kind: "unverified", why: lagging });
    expect(calls).toEqual(["0 ms: readAfter", "1000 ms: readAfter"]);
  });

  it("does not count waits for Cloudflare's limit", async () => {
    const { operationTimeoutMs } = DEFAULT_LIMITS;
    const { run, calls, clock } = start([
      async ({ onCloudflareWait }) => {
        await clock.sleep(operationTimeoutMs);
        onCloudflareWait(operationTimeoutMs);
        return sightOf(1);
      },
      sightOf(2),
    ]);

    expect(await run()).toEqual({ kind: "active" });
    expect(calls).toEqual(["0 ms: readAfter", `${operationTimeoutMs + 1_000} ms: readAfter`]);
  });
});
