import { detectDrift, type DriftReads, isMarked, judge } from "../../src/psk/drift";
import type { StoredState } from "../../src/psk/state";
import type { TunnelReading } from "../../src/psk/tunnel-api";
import { bareState, storedState } from "./support";

const state: StoredState = { ...storedState, status: "active", lastGeneratedOn: "2026-03-01T12:00:00.123456789Z" };
const same: TunnelReading = { kind: "tunnel", lastGeneratedOn: "2026-03-01T12:00:00.123457Z" };
const newer: TunnelReading = { kind: "tunnel", lastGeneratedOn: "2026-03-02T12:00:00.000001Z" };
const older: TunnelReading = { kind: "tunnel", lastGeneratedOn: "2026-02-01T12:00:00.000001Z" };
const keyless: TunnelReading = { kind: "tunnel" };
const gone: TunnelReading = { kind: "gone" };
const superseded: StoredState = { ...state, status: "superseded", supersededOn: "2026-03-02T12:00:00.000001Z" };
const lost: StoredState = { ...state, status: "lost" };

type Reading = TunnelReading | undefined;

function readsOf(list: Reading, ...singles: readonly Reading[]) {
  const left = [...singles];
  const calls: string[] = [];
  const reads: DriftReads = {
    fromList: () => {
      calls.push("list");
      return Promise.resolve(list);
    },
    single: () => {
      calls.push("single");
      if (left.length === 0) throw new Error("The test expects no further read");
      return Promise.resolve(left.shift());
    },
  };
  return { reads, calls };
}

describe("detectDrift()", () => {
  it.each<[string, readonly [Reading, ...Reading[]], StoredState]>([
    ["a newer timestamp in the list supersedes the key", [newer], superseded],
    ["the same timestamp changes nothing", [same], state],
    ["an older timestamp comes from a lagging list", [older], state],
    ["a list that cannot be read changes nothing", [undefined], state],
    ["two reads without a key mean that it is lost", [keyless, keyless, keyless], lost],
    ["a first read with the timestamp changes nothing", [keyless, same], state],
    ["a second read with the timestamp changes nothing", [keyless, keyless, same], state],
    ["a read with a newer timestamp supersedes the key", [keyless, newer], superseded],
    ["a read that cannot be sent changes nothing", [keyless, undefined], state],
    ["a second read that cannot be sent changes nothing", [keyless, keyless, undefined], state],
  ])("%s", async (_what, [list, ...singles], expected) => {
    const { reads, calls } = readsOf(list, ...singles);

    await expect(detectDrift(reads, state)).resolves.toEqual({ state: expected, isMissing: false });
    expect(calls).toEqual(["list", ...singles.map(() => "single")]);
  });

  it.each<[string, readonly [Reading, ...Reading[]]]>([
    ["the list", [gone]],
    ["a read", [keyless, gone]],
    ["a second read", [keyless, keyless, gone]],
  ])("reports a tunnel that is missing from %s, and changes nothing", async (_what, [list, ...singles]) => {
    const { reads } = readsOf(list, ...singles);

    await expect(detectDrift(reads, state)).resolves.toEqual({ state, isMissing: true });
  });

  it.each([superseded, lost])("reads nothing for a key that is $status already", async (marked) => {
    const { reads, calls } = readsOf(newer);

    await expect(detectDrift(reads, marked)).resolves.toEqual({ state: marked, isMissing: false });
    expect(calls).toEqual([]);
  });

  it("does not judge a key without a timestamp", async () => {
    const { reads } = readsOf(newer);

    await expect(detectDrift(reads, bareState)).resolves.toEqual({ state: bareState, isMissing: false });
  });
});

describe("judge()", () => {
  it.each([same, older, keyless, gone])("keeps the state for %j", (reading) => {
    expect(judge(state, reading)).toBe(state);
  });

  it("marks a key that a newer one has superseded", () => {
    expect(judge(state, newer)).toEqual(superseded);
  });

  it.each([superseded, lost])("keeps the mark $status, whatever is read", (marked) => {
    expect(judge(marked, newer)).toBe(marked);
    expect(judge(marked, same)).toBe(marked);
  });
});

describe("isMarked()", () => {
  it.each([
    ["active", false],
    ["unverified", false],
    ["superseded", true],
    ["lost", true],
  ] as const)("of %s is %s", (status, expected) => {
    expect(isMarked({ ...state, status })).toBe(expected);
  });
});
