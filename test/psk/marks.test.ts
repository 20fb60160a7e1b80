import { requireMarks } from "../../src/psk/marks";
import { UNKNOWN } from "../../src/psk/sentinels";
import { failureOf } from "../support/failure-of";

const ids = { accountId: "f".repeat(32), ipsecTunnelId: "e".repeat(32) };
const existingKey = { psk: "fake-key", lastGeneratedOn: "2026-01-01T00:00:00Z" };

describe("requireMarks()", () => {
  it("refuses keys without a mark by name, and has nothing of them", () => {
    const { code, message } = failureOf(() => {
      requireMarks({ ...ids, psk: "fake-key", existingKey }, () => false);
    }) as Error & { code: string };

    expect(code).toBe("ERR_INVALID_INPUT");
    expect(message).toContain("Cannot keep psk and existingKey.psk secret: ");
    expect(message).not.toContain("fake-key");
  });

  it("lets marked, unknown and missing keys pass", () => {
    requireMarks({ ...ids, psk: "fake-key", existingKey }, () => true);
    requireMarks({ ...ids, psk: UNKNOWN, existingKey: { ...existingKey, psk: UNKNOWN } }, () => false);
    requireMarks(ids, () => false);
  });
});
