import type { Inputs } from "../../src/psk/inputs";
import { planRotation, type Reason } from "../../src/psk/rotation";
import { UNKNOWN } from "../../src/psk/unknown";
import { accountId, ipsecTunnelId, storedState } from "./support";

const another = "f".repeat(32);

describe("planRotation()", () => {
  it.each<[string, Triggers | undefined, Triggers | undefined]>([
    ["no triggers", undefined, undefined],
    ["no triggers, then an empty map", undefined, {}],
    ["an empty map, then no triggers", {}, undefined],
    ["the same triggers", { a: "1", b: "2" }, { a: "1", b: "2" }],
    ["the same triggers in another order", { a: "1", b: "2" }, { b: "2", a: "1" }],
    ["the same empty text", { a: "" }, { a: "" }],
  ])("keeps the key: %s", (_what, before, after) => {
    expect(planRotation(stateWith(before), inputsWith(after))).toEqual({ kind: "keep" });
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
    expect(planRotation(stateWith(before), inputsWith(after))).toEqual({ kind: "generate", reasons });
  });

  it("generates a key: triggers that are unknown as a whole", () => {
    const inputs = { accountId, ipsecTunnelId, rotationTriggers: UNKNOWN } as unknown as Inputs;

    expect(planRotation(stateWith({ a: "1" }), inputs)).toEqual({
      kind: "generate",
      reasons: [{ kind: "triggerUnknown" }],
    });
  });

  it.each<[string, Partial<Inputs>, readonly string[]]>([
    ["another account", { accountId: another }, ["accountId"]],
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

    expect(planRotation(stateWith({ a: "1" }), inputs)).toEqual({ kind: "replace", properties });
  });

  it.each([true, false, undefined])("does not look at preflight: %s", (preflight) => {
    const inputs = { ...inputsWith({ a: "1" }), ...(preflight !== undefined && { preflight }) };

    expect(planRotation(stateWith({ a: "1" }), inputs)).toEqual({ kind: "keep" });
  });
});

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
