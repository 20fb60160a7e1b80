import { changedSource, isUndated, keySourceOf } from "../../src/psk/key-source";
import { UNKNOWN } from "../../src/psk/sentinels";
import { keyOf, readingOf, startOperation } from "./scripted-tunnels";
import { accountId, fakeKey, ipsecTunnelId } from "./support";

const now = Date.parse("2026-03-01T12:02:00Z");
const localGeneratedOn = "2026-03-01T12:02:00.000Z";
const set = keySourceOf({ psk: fakeKey });
const generated = keySourceOf({});

describe("keySourceOf()", () => {
  it.each([
    [{}, "generate"],
    [{ psk: fakeKey }, "set"],
    [{ psk: UNKNOWN }, "set"],
  ] as const)("of %j: %s", (inputs, kind) => {
    expect(keySourceOf(inputs).kind).toBe(kind);
  });

  it.each([
    [generated, "generate"],
    [set, "set"],
  ] as const)("sends one request", async (source, call) => {
    const { tunnels, calls, context } = startOperation({ generate: [keyOf(1)], set: [keyOf(1)] });

    await source.send(tunnels, { accountId, ipsecTunnelId }, context.operation);

    expect(calls).toEqual([`0 ms: ${call}`]);
  });
});

describe("mark()", () => {
  it("adds nothing to a generated key, whatever was shown before", () => {
    expect(generated.mark(keyOf(2), keyOf(2).lastGeneratedOn, now)).toStrictEqual(keyOf(2));
  });

  it.each([
    ["newer than before", keyOf(1).lastGeneratedOn],
    ["the first", undefined],
  ])("takes a timestamp for that of a set key if it is %s", (_what, before) => {
    expect(set.mark(keyOf(2), before, now)).toStrictEqual({ ...keyOf(2), isSet: true });
  });

  it.each([
    ["the same", readingOf(2).lastGeneratedOn, { unmovedTimestamp: keyOf(2).lastGeneratedOn }],
    ["older", keyOf(3).lastGeneratedOn, { unmovedTimestamp: keyOf(3).lastGeneratedOn }],
  ])("does not take a timestamp for that of a set key if it is %s", (_what, before, marks) => {
    const { psk } = keyOf(2);

    expect(set.mark(keyOf(2), before, now)).toStrictEqual({ psk, isSet: true, localGeneratedOn, ...marks });
  });

  it("dates a set key by this machine's clock if the response has no timestamp", () => {
    const { psk } = keyOf(2);
    const before = keyOf(1).lastGeneratedOn;

    expect(set.mark({ psk }, undefined, now)).toStrictEqual({ psk, isSet: true, localGeneratedOn });
    expect(set.mark({ psk }, before, now)).toMatchObject({ localGeneratedOn, unmovedTimestamp: before });
  });
});

describe("changedSource()", () => {
  const other = "another-fake-key";

  it.each([
    ["a generated key, and none in the program", {}, {}, undefined],
    ["a generated key, and the same in the program", {}, { psk: fakeKey }, undefined],
    ["a generated key, and another one in the program", {}, { psk: other }, "pskAdded"],
    ["a set key, and the same in the program", { isSet: true }, { psk: fakeKey }, undefined],
    ["a set key, and another one in the program", { isSet: true }, { psk: other }, "pskChanged"],
    ["a set key, and none in the program", { isSet: true }, {}, "pskRemoved"],
    ["a set key, and an unknown one in the program", { isSet: true }, { psk: UNKNOWN }, "pskUnknown"],
    ["a generated key, and an unknown one in the program", {}, { psk: UNKNOWN }, "pskUnknown"],
  ] as const)("of %s", (_what, marks, inputs, kind) => {
    expect(changedSource({ psk: fakeKey, ...marks }, inputs)).toEqual(kind === undefined ? [] : [{ kind }]);
  });
});

describe("isUndated()", () => {
  it.each([
    [{ isSet: true }, true],
    [{ isSet: true, unmovedTimestamp: "x" }, true],
    [{ isSet: true, lastGeneratedOn: "x" }, false],
    [{}, false],
  ] as const)("of %j: %p", (key, expected) => {
    expect(isUndated(key)).toBe(expected);
  });
});
