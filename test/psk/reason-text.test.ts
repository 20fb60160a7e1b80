import { reasonText } from "../../src/psk/reason-text";
import type { Reason } from "../../src/psk/rotation";
import { UNKNOWN } from "../../src/psk/sentinels";
import { ipsecTunnelId } from "./support";

const cases: [Reason, shown: string, hidden: string][] = [
  [
    { kind: "triggerAdded", trigger: "quarter", to: "2026-Q4" },
    'rotationTriggers.quarter was added: "2026-Q4"',
    "rotationTriggers.quarter was added: a secret",
  ],
  [
    { kind: "triggerRemoved", trigger: "quarter", from: "2026-Q3" },
    'rotationTriggers.quarter was removed: it was "2026-Q3"',
    "rotationTriggers.quarter was removed: it was a secret",
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
    { kind: "noKey", ipsecTunnelId },
    `no key of tunnel ${ipsecTunnelId} is in this resource's state`,
    `no key of tunnel ${ipsecTunnelId} is in this resource's state`,
  ],
  [
    { kind: "noKey", ipsecTunnelId: UNKNOWN },
    "no key of tunnel (known only after up) is in this resource's state",
    "no key of tunnel (known only after up) is in this resource's state",
  ],
  [
    { kind: "tooOld", ageInDays: 93, rotateAfterDays: 90 },
    "the key is 93 days old, rotateAfterDays is 90",
    "the key has reached the age in rotateAfterDays, which is a secret",
  ],
  both(
    { kind: "superseded", generatedOn: "2026-03-01T12:00:00Z", supersededOn: "2026-03-02T12:00:00Z" },
    "the key was regenerated outside this stack at 2026-03-02T12:00:00Z; the key in the state is of 2026-03-01T12:00:00Z",
  ),
  both(
    { kind: "superseded" },
    "the key was regenerated outside this stack at an unknown time; the key in the state is of an unknown time",
  ),
  both(
    { kind: "unsuited", consumers: ["aws", "azure"] },
    "the key in the state does not suit AWS Site-to-Site VPN and Azure VPN Gateway, which compatibleWith names",
  ),
  both({ kind: "lost" }, "the edge no longer has the key in the state, and the key that it has is not known"),
];

/** Nothing of these is secret. */
function both(reason: Reason, text: string): (typeof cases)[number] {
  return [reason, text, text];
}

describe("reasonText()", () => {
  it.each(cases)("says $kind, and nothing of a secret", (reason, shown, hidden) => {
    expect(reasonText(reason, () => false)).toBe(shown);
    expect(reasonText(reason, () => true)).toBe(hidden);
  });

  it("takes every trigger for secret unless it is told", () => {
    expect(reasonText({ kind: "triggerAdded", trigger: "a", to: "fake-secret" })).not.toContain("fake-secret");
  });

  it("asks about the trigger itself", () => {
    const isSecret = (property: string, key?: string) => property === "rotationTriggers" && key === "hidden";

    expect(reasonText({ kind: "triggerAdded", trigger: "hidden", to: "1" }, isSecret)).toContain("a secret");
    expect(reasonText({ kind: "triggerAdded", trigger: "shown", to: "1" }, isSecret)).toContain('"1"');
  });

  it("keeps a value on one line", () => {
    expect(reasonText({ kind: "triggerAdded", trigger: "a", to: 'x\n"y' }, () => false)).toBe(
      String.raw`rotationTriggers.a was added: "x\n\"y"`,
    );
  });
});
