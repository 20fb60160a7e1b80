import { DEFAULT_LIMITS } from "../../src/psk/limits";
import type { TunnelReading } from "../../src/psk/tunnel-api";
import { type Verdict, verify } from "../../src/psk/verification";
import { failure, gone, keyless, keyOf, readingOf, type Script, startOperation } from "./scripted-tunnels";
import { accountId, ipsecTunnelId } from "./support";

const tunnel = { accountId, ipsecTunnelId };
const ours = keyOf(2);
const lagging = "Cloudflare's reads lag behind: they still show 2026-03-01T12:01:00.123457Z";

describe("verify()", () => {
  function start(readAfter: NonNullable<Script["readAfter"]>, changes = {}) {
    const started = startOperation({ readAfter }, changes);
    const run = (key: { lastGeneratedOn?: string } = ours) =>
      started.finish(verify(started.tunnels, tunnel, key, started.context));
    return { ...started, run };
  }

  it.each<[string, NonNullable<Script["readAfter"]>, Verdict, number[]]>([
    ["the same", [readingOf(2)], { kind: "active" }, [0]],
    ["newer", [readingOf(3)], { kind: "overwritten", generatedOn: readingOf(3).lastGeneratedOn }, [0]],
    ["older, then the same", [readingOf(1), readingOf(2)], { kind: "active" }, [0, 1_000]],
    [
      "older, then newer",
      [readingOf(1), readingOf(3)],
      { kind: "overwritten", generatedOn: readingOf(3).lastGeneratedOn },
      [0, 1_000],
    ],
    ["missing, then the same", [keyless, readingOf(2)], { kind: "active" }, [0, 1_000]],
    ["no tunnel, then the same", [gone, readingOf(2)], { kind: "active" }, [0, 1_000]],
    [
      "older forever",
      Array(5).fill(readingOf(1)),
      { kind: "unverified", why: lagging },
      [0, 1_000, 3_000, 7_000, 15_000],
    ],
    [
      "missing forever",
      Array(5).fill(keyless),
      { kind: "unverified", why: "Cloudflare's reads show no timestamp", isKeyless: true },
      [0, 1_000, 3_000, 7_000, 15_000],
    ],
    [
      "missing, then older forever",
      [keyless, ...Array<TunnelReading>(4).fill(readingOf(1))],
      {
        kind: "unverified",
        why: `Cloudflare's reads lag behind: they still show ${readingOf(1).lastGeneratedOn}`,
      },
      [0, 1_000, 3_000, 7_000, 15_000],
    ],
    [
      "no tunnel forever",
      Array(5).fill(gone),
      { kind: "unverified", why: "Cloudflare's reads show no such tunnel" },
      [0, 1_000, 3_000, 7_000, 15_000],
    ],
    [
      "refused",
      [failure("ERR_NOT_AUTHORIZED")],
      { kind: "unverified", why: "Cannot continue: the script says ERR_NOT_AUTHORIZED" },
      [0],
    ],
    [
      "older, then a lost response",
      [readingOf(1), failure("ERR_NO_RESPONSE")],
      { kind: "unverified", why: "Cannot continue: the script says ERR_NO_RESPONSE" },
      [0, 1_000],
    ],
    // A read may fail so when the engine has exited. A received key must not be lost because of it.
    [
      "an unexpected failure",
      [new Error("The engine has exited")],
      { kind: "unverified", why: "The engine has exited" },
      [0],
    ],
  ])("reads: %s", async (_what, readAfter, verdict, times) => {
    const { run, calls } = start(readAfter);

    expect(await run()).toStrictEqual(verdict);
    expect(calls).toEqual(times.map((ms) => `${ms} ms: readAfter`));
  });

  it("takes the timestamp from the first read if the response had none, but does not count that as a verification", async () => {
    const { run, calls } = start([readingOf(2)]);

    expect(await run({})).toStrictEqual({
      kind: "unverified",
      why: "Cloudflare's response had no timestamp to compare",
      lastGeneratedOn: readingOf(2).lastGeneratedOn,
    });
    expect(calls).toHaveLength(1);
  });

  it.each([
    ["no key", keyless],
    ["no tunnel", gone],
  ])("returns no timestamp if neither the response nor the first read has one: %s", async (_what, reading) => {
    const { run, calls } = start([reading]);

    expect(await run({})).not.toHaveProperty("lastGeneratedOn");
    expect(calls).toHaveLength(1);
  });

  it.each([1, 2, 5])("reads at most maxReads times: %d", async (maxReads) => {
    const { run, calls } = start(Array(5).fill(readingOf(1)), { maxReads });

    expect(await run()).toMatchObject({ kind: "unverified" });
    expect(calls).toHaveLength(maxReads);
  });

  it("does not wait beyond the deadline", async () => {
    const { run, calls } = start(Array(5).fill(readingOf(1)), { operationTimeoutMs: 3_000 });

    expect(await run()).toStrictEqual({ kind: "unverified", why: lagging });
    expect(calls).toEqual(["0 ms: readAfter", "1000 ms: readAfter"]);
  });

  it("does not count waits that Cloudflare asked for", async () => {
    const { operationTimeoutMs } = DEFAULT_LIMITS;
    const { run, calls, clock } = start([
      async ({ onCloudflareWait }) => {
        await clock.sleep(operationTimeoutMs);
        onCloudflareWait(operationTimeoutMs);
        return readingOf(1);
      },
      readingOf(2),
    ]);

    expect(await run()).toEqual({ kind: "active" });
    expect(calls).toEqual(["0 ms: readAfter", `${operationTimeoutMs + 1_000} ms: readAfter`]);
  });
});
