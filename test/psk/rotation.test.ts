import { type ExistingKey, INPUT_NAMES, type ResolvedInputs } from "../../src/psk/inputs";
import {
  areCertain,
  externalRotation,
  isInInputs,
  type Plan,
  planCreation,
  planRotation,
  type Reason,
} from "../../src/psk/rotation";
import { spreadDays } from "../../src/psk/spread";
import type { PskStatus, StoredState } from "../../src/psk/state";
import { UNKNOWN } from "../../src/psk/sentinels";
import { INPUT_SAMPLES } from "../support/input-samples";
import { accountId, bareState, fakeKey, ipsecTunnelId, storedState } from "./support";

const another = "f".repeat(32);
const DAY_MS = 86_400_000;
const generatedOn = "2026-03-01T12:00:00.123456789Z";
const supersededOn = "2026-03-05T00:00:00.000001Z";
const newExistingKey: ExistingKey = {
  psk: "fake-existing-key-for-tests-only",
  lastGeneratedOn: "2026-03-09T00:00:00Z",
};
const now = Date.parse("2026-03-01T13:00:00Z");
const plan = (state: StoredState, inputs: ResolvedInputs, days = 0): Plan =>
  planRotation(state, inputs, now + days * DAY_MS);

describe("planCreation()", () => {
  it("generates the first key of the tunnel", () => {
    expect(planCreation(inputsWith({ a: "1" }))).toEqual({
      kind: "generate",
      reasons: [{ kind: "noKey", tunnel: ipsecTunnelId }],
    });
  });

  it("generates for a tunnel that is known only after up", () => {
    expect(planCreation({ accountId, ipsecTunnelId: UNKNOWN })).toEqual({
      kind: "generate",
      reasons: [{ kind: "noKey", tunnel: "(known only after up)" }],
    });
  });

  it.each<[string, unknown]>([
    ["as the program names it", newExistingKey],
    ["although its timestamp is known only after up", { ...newExistingKey, lastGeneratedOn: UNKNOWN }],
  ])("takes over the existing key, %s", (_what, key) => {
    const inputs = { ...inputsWith({ a: "1" }), existingKey: key } as ResolvedInputs;

    expect(planCreation(inputs)).toEqual({ kind: "takeOver", key });
  });
});

describe("planCreation() with an existing key that is unknown as a whole", () => {
  it("may generate, because there may be none", () => {
    const created = planCreation({ ...inputsWith({ a: "1" }), existingKey: UNKNOWN } as unknown as ResolvedInputs);

    expect(created).toEqual({
      kind: "generate",
      reasons: [
        { kind: "noKey", tunnel: ipsecTunnelId },
        { kind: "inputUnknown", input: "existingKey" },
      ],
    });
    expect(willGenerate(created)).toBe(false);
  });
});

// Of every input: a preview that does not know it promises neither more nor less than all of its values would do.
describe("planRotation() of inputs that are known only after up", () => {
  const states: Readonly<Record<string, StoredState>> = {
    active: { ...storedState, status: "active" },
    "active, with triggers": { ...storedState, status: "active", rotationTriggers: { a: "1" } },
    "fit for AWS and Azure": { ...storedState, status: "active", psk: "fakekeyfortestsonly" },
    set: { ...storedState, status: "active", isSet: true },
    superseded: { ...storedState, status: "superseded", supersededOn },
    lost: { ...storedState, status: "lost" },
    undated: { ...bareState, status: "active" },
  };
  const given = { psk: fakeKey, lastGeneratedOn: generatedOn };
  /** Values of each input that may plan something, beside being left out; of the others, one. */
  const VALUES: Readonly<Partial<Record<keyof ResolvedInputs, readonly unknown[]>>> = {
    accountId: [accountId, another],
    ipsecTunnelId: [ipsecTunnelId, another],
    rotationTriggers: [{ a: "1" }, { a: "2" }, {}],
    rotateAfterDays: [1, 2, 3, 90],
    rotateSpreadDays: Array.from({ length: 90 }, (_none, days) => days),
    onExternalRotation: ["regenerate", "fail"],
    psk: [fakeKey, "another-fake-key-for-tests-only"],
    existingKey: [given, newExistingKey],
    compatibleWith: [[], ["aws"], ["azure"], ["aws", "azure"]],
  };
  /** What is unknown beside a whole input, and what it may be. */
  const PARTS: readonly [string, keyof ResolvedInputs, unknown, readonly unknown[]][] = [
    ["a trigger", "rotationTriggers", { a: UNKNOWN }, [{ a: "1" }, { a: "2" }]],
    ["a cloud VPN", "compatibleWith", [UNKNOWN], [["aws"], ["azure"]]],
    [
      "a second cloud VPN",
      "compatibleWith",
      ["aws", UNKNOWN],
      [
        ["aws", "aws"],
        ["aws", "azure"],
      ],
    ],
    ["the existing key", "existingKey", { ...given, psk: UNKNOWN }, [given, { ...given, psk: "another-fake-key" }]],
    ["its timestamp", "existingKey", { ...given, lastGeneratedOn: UNKNOWN }, [given, newExistingKey]],
  ];
  const others: readonly Partial<ResolvedInputs>[] = [
    {},
    { rotationTriggers: { a: "2" } },
    { rotateAfterDays: 90 },
    { onExternalRotation: "fail" },
    { onExternalRotation: "fail", rotationTriggers: UNKNOWN as unknown as Record<string, string> },
  ];
  const required: readonly string[] = ["accountId", "ipsecTunnelId"];
  const cases: typeof PARTS = [
    ...INPUT_NAMES.map((name): (typeof PARTS)[number] => {
      const values = VALUES[name] ?? [INPUT_SAMPLES[name].good];
      return [name, name, UNKNOWN, required.includes(name) ? values : [undefined, ...values]];
    }),
    ...PARTS,
  ];

  it.each(cases)("%s (in %s)", (_what, name, unknown, values) => {
    const surprises = Object.entries(states).flatMap(([status, state]) =>
      [0, 1, 2, 89, 90].flatMap((days) =>
        others.flatMap((other) => {
          const planned = (value: unknown) => {
            const inputs = { accountId, ipsecTunnelId, ...other, [name]: value };
            return plan(state, inputs, days);
          };
          const foreseen = planned(unknown);
          const possible = values.map(planned);
          const where = `${status}, ${days} days, ${JSON.stringify(other)}: ${JSON.stringify(foreseen)}`;
          const isSilent = foreseen.kind === "keep" && possible.some(({ kind }) => kind !== "keep");
          const isFalse = foreseen.kind !== "keep" && possible.every(({ kind }) => kind === "keep");
          const isReplaced = foreseen.kind === "replace" && !possible.some(({ kind }) => kind === "replace");
          const isRash = willGenerate(foreseen) && !possible.every((one) => ["generate", "set"].includes(one.kind));
          const isMissed = !isGeneration(foreseen) && foreseen.kind !== "replace" && possible.some(isGeneration);
          return [isSilent, isFalse, isReplaced, isRash, isMissed].some(Boolean) ? [where] : [];
        }),
      ),
    );

    expect(surprises).toEqual([]);
  });
});

function isGeneration(plan: Plan): plan is Plan & { readonly kind: "generate" | "set" } {
  return plan.kind === "generate" || plan.kind === "set";
}

function willGenerate(plan: Plan): boolean {
  return isGeneration(plan) && areCertain(plan.reasons);
}

describe("planRotation()", () => {
  it.each<[string, Triggers | undefined, Triggers | undefined]>([
    ["no triggers", undefined, undefined],
    ["no triggers, then an empty map", undefined, {}],
    ["an empty map, then no triggers", {}, undefined],
    ["the same triggers", { a: "1", b: "2" }, { a: "1", b: "2" }],
    ["the same triggers in another order", { a: "1", b: "2" }, { b: "2", a: "1" }],
    ["the same empty string", { a: "" }, { a: "" }],
  ])("keeps the key: %s", (_what, before, after) => {
    expect(plan(stateWith(before), inputsWith(after))).toEqual({ kind: "keep" });
  });

  it.each<[string, Triggers | undefined, Triggers | undefined, Reason[]]>([
    ["one added to none", undefined, { a: "1" }, [{ kind: "triggerAdded", trigger: "a", to: "1" }]],
    ["one added to others", { a: "1" }, { a: "1", b: "2" }, [{ kind: "triggerAdded", trigger: "b", to: "2" }]],
    ["an empty one added", {}, { a: "" }, [{ kind: "triggerAdded", trigger: "a", to: "" }]],
    ["value to another value", { a: "1" }, { a: "2" }, [changed("a", "1", "2")]],
    ["value to an empty string", { a: "1" }, { a: "" }, [changed("a", "1", "")]],
    ["one removed", { a: "1", b: "2" }, { a: "1" }, [{ kind: "triggerRemoved", trigger: "b", from: "2" }]],
    ["all removed", { a: "1" }, undefined, [{ kind: "triggerRemoved", trigger: "a", from: "1" }]],
    ["an empty one removed", { a: "" }, {}, [{ kind: "triggerRemoved", trigger: "a", from: "" }]],
    ["value to unknown", { a: "1" }, { a: UNKNOWN }, [{ kind: "triggerUnknown", trigger: "a" }]],
    ["an unknown one added", {}, { a: UNKNOWN }, [{ kind: "triggerUnknown", trigger: "a" }]],
    [
      "all together, sorted by name",
      { removed: "1", kept: "2", changed: "3" },
      { unknown: UNKNOWN, kept: "2", changed: "4", added: "5" },
      [
        { kind: "triggerAdded", trigger: "added", to: "5" },
        changed("changed", "3", "4"),
        { kind: "triggerRemoved", trigger: "removed", from: "1" },
        { kind: "triggerUnknown", trigger: "unknown" },
      ],
    ],
    // Every object inherits properties of these names.
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

  it("generates a key if the triggers are unknown as a whole", () => {
    const inputs = { accountId, ipsecTunnelId, rotationTriggers: UNKNOWN } as unknown as ResolvedInputs;

    expect(plan(stateWith({ a: "1" }), inputs)).toEqual({
      kind: "generate",
      reasons: [{ kind: "triggerUnknown" }],
    });
  });

  it.each<[string, Partial<ResolvedInputs>, readonly string[]]>([
    ["another account", { accountId: another }, ["accountId"]],
    [
      "another tunnel, and an existing key of it",
      { ipsecTunnelId: another, existingKey: newExistingKey },
      ["ipsecTunnelId"],
    ],
    ["another tunnel", { ipsecTunnelId: another }, ["ipsecTunnelId"]],
    [
      "another account and another tunnel",
      { accountId: another, ipsecTunnelId: another },
      ["accountId", "ipsecTunnelId"],
    ],
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

  it.each<Partial<ResolvedInputs>>([
    { validateInPreview: true },
    { validateInPreview: false },
    { conduitId: "33145236" },
    { onExternalRotation: "fail" },
    { onExternalRotation: "regenerate" },
    { rotateAfterDays: 1 },
  ])("ignores inputs that do not concern the key: %p", (change) => {
    expect(plan(stateWith({ a: "1" }), { ...inputsWith({ a: "1" }), ...change })).toEqual({ kind: "keep" });
  });

  describe("with rotateAfterDays", () => {
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

    it("starts a new day at midnight UTC", () => {
      const inputs = { ...inputsWith(undefined), rotateAfterDays: 1 };
      const midnight = Date.parse("2026-03-02T00:00:00Z");

      expect(planRotation(storedState, inputs, midnight - 1).kind).toBe("keep");
      expect(planRotation(storedState, inputs, midnight).kind).toBe("generate");
    });

    it.each([undefined, "yesterday"])("never rotates a key whose timestamp is unknown: %p", (lastGeneratedOn) => {
      const state = { ...bareState, ...(lastGeneratedOn !== undefined && { lastGeneratedOn }) };

      expect(plan(state, { ...inputsWith(undefined), rotateAfterDays: 1 }, 1_000)).toEqual({ kind: "keep" });
    });

    it("may rotate while rotateAfterDays is unknown, unless the key is of today", () => {
      const inputs = { accountId, ipsecTunnelId, rotateAfterDays: UNKNOWN } as unknown as ResolvedInputs;

      expect(plan(storedState, inputs)).toEqual({ kind: "keep" });
      expect(plan(storedState, inputs, 1)).toEqual({
        kind: "generate",
        reasons: [{ kind: "inputUnknown", input: "rotateAfterDays" }],
      });
    });
  });

  describe("with an existing key", () => {
    const existingKeyGeneratedOn = "2026-03-01T12:00:00.123457Z";
    const stored: StoredState = { ...storedState, existingKeyGeneratedOn };
    const rotated: StoredState = { ...stored, lastGeneratedOn: "2026-04-01T12:00:00Z", psk: "fake-rotated-key" };

    it.each<[string, StoredState, Partial<ResolvedInputs>]>([
      ["without an existing key", storedState, {}],
      ["taken over, then removed from the program", stored, {}],
      [
        "taken over, and left in the program",
        stored,
        { existingKey: { psk: fakeKey, lastGeneratedOn: existingKeyGeneratedOn } },
      ],
      ["the same instant in another form", stored, { existingKey: { psk: fakeKey, lastGeneratedOn: generatedOn } }],
      ["its second", stored, { existingKey: { psk: fakeKey, lastGeneratedOn: "2026-03-01T12:00:00Z" } }],
      [
        "left in the program after a rotation",
        rotated,
        { existingKey: { psk: fakeKey, lastGeneratedOn: existingKeyGeneratedOn } },
      ],
      [
        "a corrected key, after a rotation",
        rotated,
        { existingKey: { psk: "fake-other", lastGeneratedOn: existingKeyGeneratedOn } },
      ],
    ])("keeps the key: %s", (_what, state, change) => {
      expect(plan(state, { ...inputsWith(undefined), ...change })).toEqual({ kind: "keep" });
    });

    it.each<[string, StoredState, ExistingKey]>([
      ["the first one", storedState, { psk: "fake-other", lastGeneratedOn: "2026-03-09T00:00:00Z" }],
      ["the first one, which is the stored key itself", storedState, { psk: fakeKey, lastGeneratedOn: generatedOn }],
      ["one with another timestamp", stored, { psk: "fake-other", lastGeneratedOn: "2026-03-09T00:00:00Z" }],
      ["another instant of its second", stored, { psk: "fake-other", lastGeneratedOn: "2026-03-01T12:00:00.9Z" }],
      ["the same key with another timestamp", stored, { psk: fakeKey, lastGeneratedOn: "2026-03-09T00:00:00Z" }],
      [
        "a corrected key while the wrong one is still stored",
        stored,
        { psk: "fake-other", lastGeneratedOn: existingKeyGeneratedOn },
      ],
      [
        "one with another timestamp, after a rotation",
        rotated,
        { psk: "fake-other", lastGeneratedOn: "2026-04-09T00:00:00Z" },
      ],
    ])("takes over the key: %s", (_what, state, existingKey) => {
      expect(plan(state, { ...inputsWith(undefined), existingKey })).toEqual({ kind: "takeOver", key: existingKey });
    });

    it.each<[string, unknown]>([
      ["as a whole", UNKNOWN],
      ["its key", { psk: UNKNOWN, lastGeneratedOn: existingKeyGeneratedOn }],
      ["its timestamp", { psk: fakeKey, lastGeneratedOn: UNKNOWN }],
    ])("takes over a key that is unknown: %s", (_what, existingKey) => {
      const inputs = { accountId, ipsecTunnelId, existingKey } as unknown as ResolvedInputs;

      expect(plan(stored, inputs).kind).toBe("takeOver");
      expect(plan(rotated, inputs).kind).toBe("takeOver");
    });
  });

  describe("the matrix of status, onExternalRotation, trigger and age", () => {
    type Asks = "nothing" | "trigger" | "age" | "both";
    const ASKS: readonly Asks[] = ["nothing", "trigger", "age", "both"];
    /** What is planned: the kinds of the reasons, if that is a generation. */
    type Row = [PskStatus, ResolvedInputs["onExternalRotation"], ...Record<Asks, string>[]];
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
    const scenario = (status: PskStatus, onExternalRotation: ResolvedInputs["onExternalRotation"], asks: Asks) => {
      const state: StoredState = {
        ...stateWith({ a: "1" }),
        status,
        ...(status === "superseded" && { supersededOn }),
        existingKeyGeneratedOn: generatedOn,
      };
      const inputs: ResolvedInputs = {
        ...inputsWith({ a: asks === "trigger" || asks === "both" ? "2" : "1" }),
        rotateAfterDays: asks === "age" || asks === "both" ? 10 : 11,
        ...(onExternalRotation !== undefined && { onExternalRotation }),
      };
      return { state, inputs };
    };

    it.each(cells)("%s, %s, asked by %s: %s", (status, onExternalRotation, asks, expected) => {
      const { state, inputs } = scenario(status, onExternalRotation, asks);

      expect(summary(plan(state, inputs, 10))).toBe(expected);
      // Taken over before.
      const existingKey = { psk: fakeKey, lastGeneratedOn: generatedOn };
      expect(summary(plan(state, { ...inputs, existingKey }, 10))).toBe(expected);
    });

    it.each(cells)("%s, %s, asked by %s: a new existing key wins", (status, onExternalRotation, asks) => {
      const { state, inputs } = scenario(status, onExternalRotation, asks);

      expect(plan(state, { ...inputs, existingKey: newExistingKey }, 10)).toEqual({
        kind: "takeOver",
        key: newExistingKey,
      });
    });
  });

  describe("with compatibleWith", () => {
    // It has hyphens, which neither of the two accepts.
    const incompatible = stateWith({ a: "1" });
    const compatible = { ...incompatible, psk: "fakekeyfortestsonly" };
    const inputs: ResolvedInputs = { ...inputsWith({ a: "1" }), compatibleWith: ["aws", "azure"] };
    const reason: Reason = { kind: "incompatible", consumers: ["aws", "azure"] };

    it("keeps a compatible key", () => {
      expect(plan(compatible, inputs)).toEqual({ kind: "keep" });
    });

    it("generates a key in place of an incompatible one, and names the cloud VPNs that reject it", () => {
      expect(plan(incompatible, inputs)).toEqual({ kind: "generate", reasons: [reason] });
      expect(plan({ ...incompatible, psk: "0fakekeyfortestsonly" }, inputs)).toEqual({
        kind: "generate",
        reasons: [{ kind: "incompatible", consumers: ["aws"] }],
      });
    });

    it("keeps any key if it names no cloud VPN", () => {
      expect(plan(incompatible, { ...inputs, compatibleWith: [] })).toEqual({ kind: "keep" });
      expect(plan(incompatible, inputsWith({ a: "1" }))).toEqual({ kind: "keep" });
    });

    it.each<[unknown, string]>([
      [UNKNOWN, "inputUnknown"],
      [[UNKNOWN], "inputUnknown"],
      [["aws", UNKNOWN], "incompatible"],
    ])("judges what is known, and says what may be named after up: %j", (compatibleWith, expected) => {
      expect(summary(plan(incompatible, { ...inputs, compatibleWith } as unknown as ResolvedInputs))).toBe(expected);
    });

    it('generates despite onExternalRotation "fail", because the program asks for a key', () => {
      const drifted = { ...incompatible, status: "superseded" as const, supersededOn };

      expect(summary(plan(drifted, { ...inputs, onExternalRotation: "fail" }))).toBe("incompatible superseded");
    });
  });

  it.each<[string, Partial<StoredState>, Partial<Reason>]>([
    ["both", { lastGeneratedOn: generatedOn, supersededOn }, { generatedOn, supersededOn }],
    ["neither", {}, {}],
  ])("names the known times of a rotation by someone else: %s", (_what, change, times) => {
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
  // A new reason does not compile until this table has it.
  const IN_INPUTS: Readonly<Record<Reason["kind"], boolean>> = {
    triggerAdded: true,
    triggerChanged: true,
    triggerRemoved: true,
    triggerUnknown: true,
    pskAdded: true,
    pskChanged: true,
    pskRemoved: true,
    inputUnknown: true,
    pskUnknown: true,
    noKey: false,
    tooOld: false,
    incompatible: false,
    superseded: false,
    lost: false,
  };

  it.each(Object.entries(IN_INPUTS))("tells whether the engine sees a reason by itself: %s %p", (kind, expected) => {
    expect(isInInputs({ kind } as Reason)).toBe(expected);
  });
});

describe("externalRotation()", () => {
  it.each([
    [{ generatedOn: "A", supersededOn: "B" }, "at B (the key in the state was generated at A)"],
    [{}, "at an unknown time (the key in the state was generated at an unknown time)"],
  ])("names both times, and every way out: %j", (times, named) => {
    const { code, details } = externalRotation({ accountId, ipsecTunnelId }, {}, { kind: "superseded", ...times });

    expect(code).toBe("ERR_EXTERNAL_ROTATION");
    expect(details).toEqual({
      summary: `Cannot keep the key of IPsec tunnel ${ipsecTunnelId}: someone else rotated it ${named}, and onExternalRotation is "fail"`,
      remedy:
        'Generate a new key by changing a rotation trigger or setting onExternalRotation to "regenerate", or take over the other key with existingKey.',
    });
  });
});

function summary(planned: Plan): string {
  return planned.kind === "generate" ? planned.reasons.map(({ kind }) => kind).join(" ") : planned.kind;
}

type Triggers = Record<string, string>;

function stateWith(rotationTriggers: Triggers | undefined) {
  return { ...storedState, ...(rotationTriggers !== undefined && { rotationTriggers }) };
}

function inputsWith(rotationTriggers: Triggers | undefined): ResolvedInputs {
  return { accountId, ipsecTunnelId, ...(rotationTriggers !== undefined && { rotationTriggers }) };
}

function changed(trigger: string, from: string, to: string): Reason {
  return { kind: "triggerChanged", trigger, from, to };
}

describe("planCreation() and planRotation() with psk", () => {
  const psk = "fake-key-of-the-program-for-tests-only";
  const tunnel = { accountId, ipsecTunnelId };
  const set: StoredState = { ...storedState, psk, isSet: true, status: "active" };
  const generated: StoredState = { ...storedState, status: "active" };

  it("sets the first key of the tunnel, even if psk is known only after up", () => {
    const reasons = [{ kind: "noKey", tunnel: ipsecTunnelId }];

    expect(planCreation({ ...tunnel, psk })).toEqual({ kind: "set", reasons });
    expect(planCreation({ ...tunnel, psk: UNKNOWN })).toEqual({
      kind: "set",
      reasons: [...reasons, { kind: "pskUnknown" }],
    });
  });

  it("takes over an existing key that is the same", () => {
    const key = { psk, lastGeneratedOn: generatedOn };

    expect(planCreation({ ...tunnel, psk, existingKey: key })).toEqual({ kind: "takeOver", key });
  });

  it.each<[string, StoredState, ResolvedInputs, Plan]>([
    ["keeps a key that was set", set, { ...tunnel, psk }, { kind: "keep" }],
    ["keeps an unverified key", { ...set, status: "unverified" }, { ...tunnel, psk }, { kind: "keep" }],
    ["keeps a generated key that is the same", { ...generated, psk }, { ...tunnel, psk }, { kind: "keep" }],
    ["sets an added key", generated, { ...tunnel, psk }, { kind: "set", reasons: [{ kind: "pskAdded" }] }],
    ["sets a changed key", set, { ...tunnel, psk: fakeKey }, { kind: "set", reasons: [{ kind: "pskChanged" }] }],
    ["generates after the removal", set, tunnel, { kind: "generate", reasons: [{ kind: "pskRemoved" }] }],
    ["sets an unknown key", set, { ...tunnel, psk: UNKNOWN }, { kind: "set", reasons: [{ kind: "pskUnknown" }] }],
    [
      "sets a lost key again",
      { ...set, status: "lost" },
      { ...tunnel, psk },
      { kind: "set", reasons: [{ kind: "lost" }] },
    ],
    [
      "sets the key again after a rotation by someone else",
      { ...set, status: "superseded", supersededOn },
      { ...tunnel, psk },
      { kind: "set", reasons: [{ kind: "superseded", generatedOn, supersededOn }] },
    ],
    [
      "sets the key again for a trigger",
      set,
      { ...tunnel, psk, rotationTriggers: { a: "1" } },
      { kind: "set", reasons: [{ kind: "triggerAdded", trigger: "a", to: "1" }] },
    ],
    [
      "refuses a rotation by someone else",
      { ...set, status: "superseded", supersededOn },
      { ...tunnel, psk, onExternalRotation: "fail" },
      { kind: "refuse", reason: { kind: "superseded", generatedOn, supersededOn } },
    ],
  ])("%s", (_what, state, inputs, expected) => {
    expect(plan(state, inputs)).toEqual(expected);
  });

  it("counts the age of a key without a timestamp from this machine's clock", () => {
    const undated: StoredState = { ...bareState, psk, isSet: true, localGeneratedOn: generatedOn };
    const inputs = { ...tunnel, psk, rotateAfterDays: 2 };

    expect(plan(undated, inputs, 1)).toEqual({ kind: "keep" });
    expect(plan(undated, inputs, 2)).toMatchObject({ kind: "set", reasons: [{ kind: "tooOld", ageInDays: 2 }] });
  });

  it("offers psk as a way out", () => {
    const { remedy } = externalRotation(tunnel, { psk }, { kind: "superseded" }).details;

    expect(remedy).toBe(
      'Set psk again by changing a rotation trigger or setting onExternalRotation to "regenerate", or take over the other key with existingKey and as psk.',
    );
  });
});

describe("planRotation() with rotateSpreadDays", () => {
  const inputs = { accountId, ipsecTunnelId, rotateAfterDays: 30, rotateSpreadDays: 14 };
  const days = spreadDays(ipsecTunnelId, 14);

  it("rotates earlier by the days of the tunnel", () => {
    expect(days).toBeGreaterThan(0);
    expect(plan({ ...storedState, status: "active" }, inputs, 29 - days)).toEqual({ kind: "keep" });
    expect(plan({ ...storedState, status: "active" }, inputs, 30 - days)).toEqual({
      kind: "generate",
      reasons: [{ kind: "tooOld", ageInDays: 30 - days, rotateAfterDays: 30, spreadDays: days }],
    });
  });
});
