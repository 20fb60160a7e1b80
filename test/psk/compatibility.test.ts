import { createHash } from "node:crypto";
import { MAX_TRIES, listOf, noneCompatible, incompatibleWith } from "../../src/psk/compatibility";
import { COMPATIBLE_WITH, mistakesFor } from "../../src/cloud-vpns";
import { UNKNOWN } from "../../src/psk/sentinels";
import { generatedKey } from "../../src/simulator/generated-key";
import { accountId, fakeKey, ipsecTunnelId } from "./support";

describe("incompatibleWith()", () => {
  it("names the consumers that would not accept the key", () => {
    expect(incompatibleWith("fakekeyfortestsonly", ["aws", "azure"])).toEqual([]);
    expect(incompatibleWith("0fakekeyfortestsonly", ["aws", "azure"])).toEqual(["aws"]);
    expect(incompatibleWith(fakeKey, ["azure", "aws"])).toEqual(["azure", "aws"]);
  });

  it.each([undefined, [], UNKNOWN, ["aws", UNKNOWN]])("judges nothing for %j", (compatibleWith) => {
    expect(incompatibleWith(fakeKey, compatibleWith as undefined)).toEqual([]);
  });
});

describe("noneCompatible()", () => {
  it("names the tunnel and the consumers", () => {
    const { code, message } = noneCompatible({ accountId, ipsecTunnelId, compatibleWith: ["aws", "azure"] }, 8);

    expect(code).toBe("ERR_UNSUITABLE_PSK");
    expect(message).toContain(ipsecTunnelId);
    expect(message).toContain("as 8 were generated and none suits AWS Site-to-Site VPN and Azure VPN Gateway");
  });
});

describe("listOf()", () => {
  it("reads as a sentence", () => {
    expect(listOf(["aws"])).toBe("AWS Site-to-Site VPN");
    expect(listOf(["aws", "azure"])).toBe("AWS Site-to-Site VPN and Azure VPN Gateway");
  });
});

// The arithmetic that the docs give, over the keys themselves: 20,000 of them from a generator that always draws the same.
describe("MAX_TRIES", () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => generatedKey("base64url-43", () => digestOf(index)));
  const shareOf = (consumers: readonly ("aws" | "azure")[]) =>
    keys.filter((key) => consumers.every((consumer) => mistakesFor(key, consumer).length === 0)).length / keys.length;

  it.each([
    ["aws", 0.508],
    ["azure", 0.516],
  ] as const)("is enough for %s, which accepts a share of %d", (consumer, share) => {
    expect(shareOf([consumer])).toBeCloseTo(share, 2);
    expect(shareOf([consumer])).toBeGreaterThan(0.4);
    expect((1 - shareOf([consumer])) ** MAX_TRIES).toBeLessThan(0.005);
  });

  it("is as good for both, as whatever suits AWS suits Azure", () => {
    expect(shareOf(COMPATIBLE_WITH)).toBe(shareOf(["aws"]));
  });
});

/** As good as random, and always the same. */
function digestOf(index: number): Buffer {
  return createHash("sha256").update(String(index)).digest();
}
