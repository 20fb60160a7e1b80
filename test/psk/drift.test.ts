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

/** Reads that show this in the first list, in the second one, and in those of the tunnel alone. */
function readsOf(list: Reading, second?: Reading, ...singles: readonly Reading[]) {
  const left = [...singles];
  const calls: string[] = [];
  const reads: DriftReads = {
    fromList: () => {
      calls.push("list");
      return Promise.resolve(list);
    },
    fromSecondList: () => {
      calls.push("second list");
      return Promise.resolve(second);
    },
    single: () => {
      calls.push("single");
      if (left.length === 0) throw new Error("The test expects no further read");
      return Promise.resolve(left.shift());
    },
  };
  return { reads, calls };
}

function callsFor(readings: readonly Reading[]): string[] {
  return readings.map((_reading, index) => ["list", "second list"][index] ?? "single");
}

describe("detectDrift()", () => {
  it.each<[string, readonly [Reading, ...Reading[]], StoredState]>([
    ["a newer timestamp in the list supersedes the key", [newer], superseded],
    ["the same timestamp changes nothing", [same], state],
    ["an older timestamp comes from a lagging list", [older], state],
    ["a list that cannot be read changes nothing", [undefined], state],
    ["two lists without a key mean that it is lost", [keyless, keyless], lost],
    ["a second list with the timestamp changes nothing", [keyless, same], state],
    ["a second list with a newer timestamp supersedes the key", [keyless, newer], superseded],
    ["two reads without a key mean that it is lost", [keyless, undefined, keyless, keyless], lost],
    ["a first read with the timestamp changes nothing", [keyless, undefined, same], state],
    ["a second read with the timestamp changes nothing", [keyless, undefined, keyless, same], state],
    ["a read with a newer timestamp supersedes the key", [keyless, undefined, newer], superseded],
    ["a read that cannot be sent changes nothing", [keyless, undefined, undefined], state],
    ["a second read that cannot be sent changes nothing", [keyless, undefined, keyless, undefined], state],
  ])("%s", async (_what, readings, expected) => {
    const { reads, calls } = readsOf(...readings);

    await expect(detectDrift(reads, state)).resolves.toEqual({ state: expected, isMissing: false });
    expect(calls).toEqual(callsFor(readings));
  });

  it.each<[string, readonly [Reading, ...Reading[]]]>([
    ["the list", [gone]],
    ["a second list", [keyless, gone]],
    ["a read", [keyless, undefined, gone]],
    ["a second read", [keyless, undefined, keyless, gone]],
  ])("reports a tunnel that is missing from %s, and changes nothing", async (_what, readings) => {
    const { reads } = readsOf(...readings);

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

describe("detectDrift() of a key that was set without moving the timestamp", () => {
  const undated: StoredState = { ...bareState, isSet: true };
  const unmoved: StoredState = { ...undated, unmovedTimestamp: "2026-03-01T12:00:00.123456789Z" };
  const marked = { status: "superseded", supersededOn: "2026-03-02T12:00:00.000001Z" };

  it.each<[string, StoredState, readonly [Reading, ...Reading[]], object]>([
    ["the same timestamp changes nothing", unmoved, [same], {}],
    ["an older timestamp changes nothing", unmoved, [older], {}],
    ["a newer timestamp supersedes the key", unmoved, [newer], marked],
    ["no key in two lists means that it is lost", unmoved, [keyless, keyless], { status: "lost" }],
    ["no timestamp changes nothing if there was none", undated, [keyless], {}],
    ["the first timestamp supersedes the key if there was none", undated, [newer], marked],
  ])("%s", async (_what, stored, readings, changes) => {
    const { reads, calls } = readsOf(...readings);

    await expect(detectDrift(reads, stored)).resolves.toEqual({ state: { ...stored, ...changes }, isMissing: false });
    expect(calls).toEqual(callsFor(readings));
  });
});
