import type { ExistingKey, Inputs } from "../../src/psk/inputs";
import { isInInputs, type Plan, planRotation, type Reason } from "../../src/psk/rotation";
import type { PskStatus, StoredState } from "../../src/psk/state";
import { UNKNOWN } from "../../src/psk/sentinels";
import { accountId, bareState, fakeKey, ipsecTunnelId, storedState } from "./support";

const another = "f".repeat(32);
const DAY_MS = 86_400_000;
const generatedOn = "2026-03-01T12:00:00.123456789Z";
const supersededOn = "2026-03-05T00:00:00.000001Z";
const adoptable: ExistingKey = { psk: "fake-adopted-key-for-tests-only", lastGeneratedOn: "2026-03-09T00:00:00Z" };
const now = Date.parse("2026-03-01T13:00:00Z");
const plan = (state: StoredState, inputs: Inputs, days = 0): Plan => planRotation(state, inputs, now + days * DAY_MS);

describe("planRotation()", () => {
  it.each<[string, Triggers | undefined, Triggers | undefined]>([
    ["no triggers", undefined, undefined],
    ["no triggers, then an empty map", undefined, {}],
    ["an empty map, then no triggers", {}, undefined],
    ["the same triggers", { a: "1", b: "2" }, { a: "1", b: "2" }],
    ["the same triggers in another order", { a: "1", b: "2" }, { b: "2", a: "1" }],
    ["the same empty text", { a: "" }, { a: "" }],
  ])("keeps the key: %s", (_what, before, after) => {
    expect(plan(stateWith(before), inputsWith(after))).toEqual({ kind: "keep" });
  });

  it.each<[string, Triggers | undefined, Triggers | undefined, Reason[]]>([
    ["one added to none", undefined, { a: "1" }, [{ kind: "triggerAdded", trigger: "a", to: "1" }]],
    ["one added to others", { a: "1" }, { a: "1", b: "2" }, [{ kind: "triggerAdded", trigger: "b", to: "2" }]],
    ["an empty one added", {}, { a: "" }, [{ kind: "triggerAdded", trigger: "a", to: "" }]],
    ["value to another value", { a: "1" }, { a: "2" }, [changed("a", "1", "2")]],
    ["value to empty text", { a: "1" }, { a: "" }, [changed("a", "1", "")]],
    ["one removed", { a: "1", b: "2" }, { a: "1" }, [{ kind: "triggerRemoved", trigger: "b", from: "2" }]],
    ["all removed", { a: "1" }, undefined, [{ kind: "triggerRemoved", trigger: "a", from: "1" }]],
    ["an empty one removed", { a: "" }, {}, [{ kind: "triggerRemoved", trigger: "a", from: "" }]],
    ["value to unknown", { a: "1" }, { a: UNKNOWN }, [{ kind: "triggerUnknown", trigger: "a" }]],
    ["an unknown one added", {}, { a: UNKNOWN }, [{ kind: "triggerUnknown", trigger: "a" }]],
    [
      "all at once, by name",
      { removed: "1", kept: "2", changed: "3" },
      { unknown: UNKNOWN, kept: "2", changed: "4", added: "5" },
      [
        { kind: "triggerAdded", trigger: "added", to: "5" },
        changed("changed", "3", "4"),
        { kind: "triggerRemoved", trigger: "removed", from: "1" },
        { kind: "triggerUnknown", trigger: "unknown" },
      ],
    ],
    // Every object has something of these names.
    [
      "names that objects inherit",
      { toString: "1" },
      { constructor: "2" },
      [
        { kind: "triggerAdded", trigger: "constructor", to: "2" },
        { kind: "triggerRemoved", trigger: "toString", from: "1" },
      ],
    ],
  ])("generates a key: %s", (_what, before, after, reasons) => {
    expect(plan(stateWith(before), inputsWith(after))).toEqual({ kind: "generate", reasons });
  });

  it("generates a key: triggers that are unknown as a whole", () => {
    const inputs = { accountId, ipsecTunnelId, rotationTriggers: UNKNOWN } as unknown as Inputs;

    expect(plan(stateWith({ a: "1" }), inputs)).toEqual({
      kind: "generate",
      reasons: [{ kind: "triggerUnknown" }],
    });
  });

  it.each<[string, Partial<Inputs>, readonly string[]]>([
    ["another account", { accountId: another }, ["accountId"]],
    ["another tunnel, and a key for it", { ipsecTunnelId: another, existingKey: adoptable }, ["ipsecTunnelId"]],
    ["another tunnel", { ipsecTunnelId: another }, ["ipsecTunnelId"]],
    ["both others", { accountId: another, ipsecTunnelId: another }, ["accountId", "ipsecTunnelId"]],
    ["an unknown account", { accountId: UNKNOWN }, ["accountId"]],
    ["an unknown tunnel", { ipsecTunnelId: UNKNOWN }, ["ipsecTunnelId"]],
    [
      "another tunnel and a changed trigger",
      { ipsecTunnelId: another, rotationTriggers: { a: "2" } },
      ["ipsecTunnelId"],
    ],
  ])("replaces the resource: %s", (_what, change, properties) => {
    const inputs = { ...inputsWith({ a: "1" }), ...change };

    expect(plan(stateWith({ a: "1" }), inputs)).toEqual({ kind: "replace", properties });
  });

  it("does not mind ids in another case", () => {
    const inputs = { accountId: accountId.toUpperCase(), ipsecTunnelId: ipsecTunnelId.toUpperCase() };

    expect(plan(storedState, inputs)).toEqual({ kind: "keep" });
  });

  it.each<Partial<Inputs>>([
    { validateInPreview: true },
    { validateInPreview: false },
    { conduitId: "33145236" },
    { onExternalRotation: "fail" },
    { onExternalRotation: "regenerate" },
    { rotateAfterDays: 1 },
  ])("does not look at what does not concern the key: %p", (change) => {
    expect(plan(stateWith({ a: "1" }), { ...inputsWith({ a: "1" }), ...change })).toEqual({ kind: "keep" });
  });

  describe("by age", () => {
    it.each<[number, number | undefined, boolean]>([
      [0, undefined, false],
      [10_000, undefined, false],
      [0, 1, false],
      [1, 1, true],
      [2, 1, true],
      [89, 90, false],
      [90, 90, true],
      [91, 90, true],
      [-1, 1, false],
    ])("%d days old, rotateAfterDays %p", (days, rotateAfterDays, isDue) => {
      const inputs = { ...inputsWith(undefined), ...(rotateAfterDays !== undefined && { rotateAfterDays }) };

      expect(plan(storedState, inputs, days)).toEqual(
        isDue
          ? { kind: "generate", reasons: [{ kind: "tooOld", ageInDays: days, rotateAfterDays }] }
          : { kind: "keep" },
      );
    });

    it("turns at midnight, UTC", () => {
      const inputs = { ...inputsWith(undefined), rotateAfterDays: 1 };
      const midnight = Date.parse("2026-03-02T00:00:00Z");

      expect(planRotation(storedState, inputs, midnight - 1).kind).toBe("keep");
      expect(planRotation(storedState, inputs, midnight).kind).toBe("generate");
    });

    it.each([undefined, "yesterday"])("is never due where the time is unknown: %p", (lastGeneratedOn) => {
      const state = { ...bareState, ...(lastGeneratedOn !== undefined && { lastGeneratedOn }) };

      expect(plan(state, { ...inputsWith(undefined), rotateAfterDays: 1 }, 1_000)).toEqual({ kind: "keep" });
    });

    it("is not due while rotateAfterDays is unknown", () => {
      const inputs = { accountId, ipsecTunnelId, rotateAfterDays: UNKNOWN } as unknown as Inputs;

      expect(plan(storedState, inputs, 1_000)).toEqual({ kind: "keep" });
    });
  });

  describe("by adoption", () => {
    const existingKeyGeneratedOn = "2026-03-01T12:00:00.123457Z";
    const stored: StoredState = { ...storedState, existingKeyGeneratedOn };
    const rotated: StoredState = { ...stored, lastGeneratedOn: "2026-04-01T12:00:00Z", psk: "fake-rotated-key" };

    it.each<[string, StoredState, Partial<Inputs>]>([
      ["never asked for", storedState, {}],
      ["carried out, and removed", stored, {}],
      ["carried out, and left in the program", stored, { existingKey: { psk: fakeKey, lastGeneratedOn: existingKeyGeneratedOn } }],
      ["the same instant in another form", stored, { existingKey: { psk: fakeKey, lastGeneratedOn: generatedOn } }],
      ["left in the program after a rotation", rotated, { existingKey: { psk: fakeKey, lastGeneratedOn: existingKeyGeneratedOn } }],
      ["a corrected key, after a rotation", rotated, { existingKey: { psk: "fake-other", lastGeneratedOn: existingKeyGeneratedOn } }],
    ])("keeps the key: %s", (_what, state, change) => {
      expect(plan(state, { ...inputsWith(undefined), ...change })).toEqual({ kind: "keep" });
    });

    it.each<[string, StoredState, ExistingKey]>([
      ["for the first time", storedState, { psk: "fake-other", lastGeneratedOn: "2026-03-09T00:00:00Z" }],
      ["for the first time, the stored key itself", storedState, { psk: fakeKey, lastGeneratedOn: generatedOn }],
      ["of another time", stored, { psk: "fake-other", lastGeneratedOn: "2026-03-09T00:00:00Z" }],
      ["of another time, the same key", stored, { psk: fakeKey, lastGeneratedOn: "2026-03-09T00:00:00Z" }],
      ["a corrected key, which is still stored", stored, { psk: "fake-other", lastGeneratedOn: existingKeyGeneratedOn }],
      ["of another time, after a rotation", rotated, { psk: "fake-other", lastGeneratedOn: "2026-04-09T00:00:00Z" }],
    ])("adopts: %s", (_what, state, adopt) => {
      expect(plan(state, { ...inputsWith(undefined), existingKey })).toEqual({ kind: "existingKey", key: existingKey });
    });

    it.each<[string, unknown]>([
      ["as a whole", UNKNOWN],
      ["its key", { psk: UNKNOWN, lastGeneratedOn: existingKeyGeneratedOn }],
      ["its time", { psk: fakeKey, lastGeneratedOn: UNKNOWN }],
    ])("counts what is unknown as another adoption: %s", (_what, adopt) => {
      const inputs = { accountId, ipsecTunnelId, existingKey } as unknown as Inputs;

      expect(plan(stored, inputs).kind).toBe("existingKey");
      expect(plan(rotated, inputs).kind).toBe("existingKey");
    });
  });

  describe("the matrix of status, onExternalRotation, trigger and age", () => {
    type Asks = "nothing" | "trigger" | "age" | "both";
    const ASKS: readonly Asks[] = ["nothing", "trigger", "age", "both"];
    /** What is planned; the kinds of the reasons for a generation. */
    type Row = [PskStatus, Inputs["onExternalRotation"], ...Record<Asks, string>[]];
    const quiet = { nothing: "keep", trigger: "triggerChanged", age: "tooOld", both: "triggerChanged tooOld" };
    const lost = {
      nothing: "lost",
      trigger: "triggerChanged lost",
      age: "tooOld lost",
      both: "triggerChanged tooOld lost",
    };
    const drift = {
      nothing: "superseded",
      trigger: "triggerChanged superseded",
      age: "tooOld superseded",
      both: "triggerChanged tooOld superseded",
    };
    const rows: readonly Row[] = [
      ["unverified", undefined, quiet],
      ["unverified", "regenerate", quiet],
      ["unverified", "fail", quiet],
      ["active", undefined, quiet],
      ["active", "regenerate", quiet],
      ["active", "fail", quiet],
      ["lost", undefined, lost],
      ["lost", "regenerate", lost],
      ["lost", "fail", lost],
      ["superseded", undefined, drift],
      ["superseded", "regenerate", drift],
      ["superseded", "fail", { ...drift, nothing: "refuse" }],
    ];
    const cells = rows.flatMap(([status, onExternalRotation, expected]) =>
      ASKS.map((asks) => [status, onExternalRotation, asks, expected?.[asks] ?? ""] as const),
    );
    const given = (status: PskStatus, onExternalRotation: Inputs["onExternalRotation"], asks: Asks) => {
      const state: StoredState = {
        ...stateWith({ a: "1" }),
        status,
        ...(status === "superseded" && { supersededOn }),
        existingKeyGeneratedOn: generatedOn,
      };
      const inputs: Inputs = {
        ...inputsWith({ a: asks === "trigger" || asks === "both" ? "2" : "1" }),
        rotateAfterDays: asks === "age" || asks === "both" ? 10 : 11,
        ...(onExternalRotation !== undefined && { onExternalRotation }),
      };
      return { state, inputs };
    };

    it.each(cells)("%s, %s, asked by %s: %s", (status, onExternalRotation, asks, expected) => {
      const { state, inputs } = given(status, onExternalRotation, asks);

      expect(summary(plan(state, inputs, 10))).toBe(expected);
      // Carried out already.
      const adopt = { psk: fakeKey, lastGeneratedOn: generatedOn };
      expect(summary(plan(state, { ...inputs, existingKey }, 10))).toBe(expected);
    });

    it.each(cells)("%s, %s, asked by %s: an adoption wins", (status, onExternalRotation, asks) => {
      const { state, inputs } = given(status, onExternalRotation, asks);

      expect(plan(state, { ...inputs, existingKey: adoptable }, 10)).toEqual({ kind: "existingKey", key: adoptable });
    });
  });

  describe("with consumers that a key must suit", () => {
    // It has hyphens, which neither of the two accepts.
    const unsuited = stateWith({ a: "1" });
    const suited = { ...unsuited, psk: "fakekeyfortestsonly" };
    const wanting: Inputs = { ...inputsWith({ a: "1" }), compatibleWith: ["aws", "azure"] };
    const reason: Reason = { kind: "unsuited", consumers: ["aws", "azure"] };

    it("keeps a key that suits", () => {
      expect(plan(suited, wanting)).toEqual({ kind: "keep" });
    });

    it("generates in the place of one that does not, and names whom it does not suit", () => {
      expect(plan(unsuited, wanting)).toEqual({ kind: "generate", reasons: [reason] });
      expect(plan({ ...unsuited, psk: "0fakekeyfortestsonly" }, wanting)).toEqual({
        kind: "generate",
        reasons: [{ kind: "unsuited", consumers: ["aws"] }],
      });
    });

    it("keeps any key for nobody", () => {
      expect(plan(unsuited, { ...wanting, compatibleWith: [] })).toEqual({ kind: "keep" });
      expect(plan(unsuited, inputsWith({ a: "1" }))).toEqual({ kind: "keep" });
    });

    it.each([UNKNOWN, ["aws", UNKNOWN]])("does not judge who is not known yet: %j", (compatibleWith) => {
      expect(plan(unsuited, { ...wanting, compatibleWith } as unknown as Inputs)).toEqual({ kind: "keep" });
    });

    it("goes ahead where another rotation would be refused, for the program asks for a key", () => {
      const drifted = { ...unsuited, status: "superseded" as const, supersededOn };

      expect(summary(plan(drifted, { ...wanting, onExternalRotation: "fail" }))).toBe("unsuited superseded");
    });
  });

  it.each<[string, Partial<StoredState>, Partial<Reason>]>([
    ["both", { lastGeneratedOn: generatedOn, supersededOn }, { generatedOn, supersededOn }],
    ["neither", {}, {}],
  ])("names the times of a rotation by somebody else, as far as they are known: %s", (_what, change, times) => {
    const state = { ...bareState, status: "superseded" as const, ...change };

    expect(plan(state, inputsWith(undefined))).toStrictEqual({
      kind: "generate",
      reasons: [{ kind: "superseded", ...times }],
    });
    expect(plan(state, { ...inputsWith(undefined), onExternalRotation: "fail" })).toStrictEqual({
      kind: "refuse",
      reason: { kind: "superseded", ...times },
    });
  });
});

describe("isInInputs()", () => {
  // A new reason does not compile until it is decided here.
  const IN_INPUTS: Readonly<Record<Reason["kind"], boolean>> = {
    triggerAdded: true,
    triggerChanged: true,
    triggerRemoved: true,
    triggerUnknown: true,
    noKey: false,
    tooOld: false,
    unsuited: false,
    superseded: false,
    lost: false,
  };

  it.each(Object.entries(IN_INPUTS))("tells whether the engine sees a reason by itself: %s %p", (kind, expected) => {
    expect(isInInputs({ kind } as Reason)).toBe(expected);
  });
});

function summary(planned: Plan): string {
  return planned.kind === "generate" ? planned.reasons.map(({ kind }) => kind).join(" ") : planned.kind;
}

type Triggers = Record<string, string>;

function stateWith(rotationTriggers: Triggers | undefined) {
  return { ...storedState, ...(rotationTriggers !== undefined && { rotationTriggers }) };
}

function inputsWith(rotationTriggers: Triggers | undefined): Inputs {
  return { accountId, ipsecTunnelId, ...(rotationTriggers !== undefined && { rotationTriggers }) };
}

function changed(trigger: string, from: string, to: string): Reason {
  return { kind: "triggerChanged", trigger, from, to };
}
