import { reasonText } from "../../src/psk/reason-text";
import type { Reason } from "../../src/psk/rotation";
import { UNKNOWN } from "../../src/psk/sentinels";
import { ipsecTunnelId } from "./support";

const cases: [Reason, shown: string, hidden: string][] = [
  [
    { kind: "triggerAdded", trigger: "quarter", to: "2026-Q4" },
    'rotationTriggers.quarter was added: "2026-Q4"',
    "rotationTriggers.quarter was added",
  ],
  [
    { kind: "triggerRemoved", trigger: "quarter", from: "2026-Q3" },
    'rotationTriggers.quarter was removed: it was "2026-Q3"',
    "rotationTriggers.quarter was removed",
  ],
  [
    { kind: "triggerChanged", trigger: "quarter", from: "2026-Q3", to: "2026-Q4" },
    'rotationTriggers.quarter changed from "2026-Q3" to "2026-Q4"',
    "rotationTriggers.quarter changed",
  ],
  [
    { kind: "triggerUnknown", trigger: "quarter" },
    "rotationTriggers.quarter is known only after up",
    "rotationTriggers.quarter is known only after up",
  ],
  [{ kind: "triggerUnknown" }, "rotationTriggers is known only after up", "rotationTriggers is known only after up"],
  [
    { kind: "noKey", tunnel: ipsecTunnelId },
    `the resource of tunnel ${ipsecTunnelId} is new or is being replaced`,
    `the resource of tunnel ${ipsecTunnelId} is new or is being replaced`,
  ],
  [
    { kind: "noKey", tunnel: "(known only after up)" },
    "the resource of tunnel (known only after up) is new or is being replaced",
    "the resource of tunnel (known only after up) is new or is being replaced",
  ],
  [
    { kind: "tooOld", ageInDays: 93, rotateAfterDays: 90 },
    "the key is 93 days old, and rotateAfterDays is 90",
    "the key has reached the age in rotateAfterDays, which is a secret",
  ],
  both(
    { kind: "superseded", generatedOn: "2026-03-01T12:00:00Z", supersededOn: "2026-03-02T12:00:00Z" },
    "someone else rotated the key at 2026-03-02T12:00:00Z; the key in the state was generated at 2026-03-01T12:00:00Z",
  ),
  both(
    { kind: "superseded" },
    "someone else rotated the key at an unknown time; the key in the state was generated at an unknown time",
  ),
  both(
    { kind: "incompatible", consumers: ["aws", "azure"] },
    "the key in the state is not compatible with AWS Site-to-Site VPN and Azure VPN Gateway, which compatibleWith names",
  ),
  both({ kind: "inputUnknown", input: "compatibleWith" }, "compatibleWith is known only after up"),
  both(
    { kind: "superseded", unless: "fail" },
    'someone else rotated the key at an unknown time; the key in the state was generated at an unknown time. If nothing else asks for a new key, up stops, because onExternalRotation is "fail"',
  ),
  both(
    { kind: "superseded", unless: UNKNOWN },
    "someone else rotated the key at an unknown time; the key in the state was generated at an unknown time. If nothing else asks for a new key, up may stop, because onExternalRotation is known only after up",
  ),
  both({ kind: "lost" }, "the key in the state is no longer active, and the active key is unknown"),
];

/** A reason without values, which reads the same. */
function both(reason: Reason, text: string): (typeof cases)[number] {
  return [reason, text, text];
}

describe("reasonText() of psk and of a spread age", () => {
  it.each<[Reason, string]>([
    [{ kind: "pskAdded" }, "the program now gives psk, which is not the key in the state"],
    [{ kind: "pskChanged" }, "psk changed"],
    [{ kind: "pskRemoved" }, "psk was removed from the program"],
    [{ kind: "pskUnknown" }, "psk is known only after up"],
    [
      { kind: "tooOld", ageInDays: 25, rotateAfterDays: 30, spreadDays: 6 },
      "the key is 25 days old, and rotateAfterDays is 30, less 6 for this tunnel (rotateSpreadDays)",
    ],
  ])("%j", (reason, text) => {
    expect(reasonText(reason, () => false)).toBe(text);
  });
});

describe("reasonText()", () => {
  it.each(cases)("explains $kind, and hides secret values", (reason, shown, hidden) => {
    expect(reasonText(reason, () => false)).toBe(shown);
    expect(reasonText(reason, () => true)).toBe(hidden);
  });

  it("treats every trigger as secret by default", () => {
    expect(reasonText({ kind: "triggerAdded", trigger: "a", to: "fake-secret" })).not.toContain("fake-secret");
  });

  it("hides only the trigger that is secret", () => {
    const isSecret = (property: string, key?: string) => property === "rotationTriggers" && key === "hidden";

    expect(reasonText({ kind: "triggerAdded", trigger: "hidden", to: "1" }, isSecret)).not.toContain('"1"');
    expect(reasonText({ kind: "triggerAdded", trigger: "shown", to: "1" }, isSecret)).toContain('"1"');
  });

  it("keeps a value on one line", () => {
    expect(reasonText({ kind: "triggerAdded", trigger: "a", to: 'x\n"y' }, () => false)).toBe(
      String.raw`rotationTriggers.a was added: "x\n\"y"`,
    );
  });
});
