import { createHash } from "node:crypto";
import { COMPATIBLE_WITH, brokenRules } from "../../src/cloud-vpns";
import { incompatibleWith, listOf, MAX_INCOMPATIBLE_KEYS, noneCompatible } from "../../src/psk/compatibility";
import { UNKNOWN } from "../../src/psk/sentinels";
import { accountId, fakeKey, ipsecTunnelId } from "./support";

describe("incompatibleWith()", () => {
  it("returns the cloud VPNs that would not accept the key", () => {
    expect(incompatibleWith("fakekeyfortestsonly", ["aws", "azure"])).toEqual([]);
    expect(incompatibleWith("0fakekeyfortestsonly", ["aws", "azure"])).toEqual(["aws"]);
    expect(incompatibleWith(fakeKey, ["azure", "aws"])).toEqual(["azure", "aws"]);
  });

  it.each([undefined, [], UNKNOWN, [UNKNOWN]])("judges nothing for %j", (compatibleWith) => {
    expect(incompatibleWith(fakeKey, compatibleWith as undefined)).toEqual([]);
  });
});

describe("noneCompatible()", () => {
  it("names the tunnel and the cloud VPNs, and asks to run again", () => {
    const error = noneCompatible({ accountId, ipsecTunnelId, compatibleWith: ["aws", "azure"] }, 8);

    expect(error).toMatchObject({ code: "ERR_UNSUITABLE_PSK", nextStep: "retry" });
    expect(error.details.summary).toBe(
      `Cannot use a key of IPsec tunnel ${ipsecTunnelId}: 8 keys were generated, and none is compatible with AWS Site-to-Site VPN and Azure VPN Gateway`,
    );
  });
});

describe("listOf()", () => {
  it("joins the vendors' names for use in a sentence", () => {
    expect(listOf(["aws"])).toBe("AWS Site-to-Site VPN");
    expect(listOf(["aws", "azure"])).toBe("AWS Site-to-Site VPN and Azure VPN Gateway");
  });
});

// The arithmetic in the docs, checked against 20,000 keys of the form that Cloudflare is assumed to generate.
describe("MAX_INCOMPATIBLE_KEYS", () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => keyFrom(index));
  const shareOf = (consumers: readonly ("aws" | "azure")[]) =>
    keys.filter((key) => consumers.every((consumer) => brokenRules(key, consumer).length === 0)).length / keys.length;

  it.each([
    ["aws", 0.508],
    ["azure", 0.516],
  ] as const)("is enough for %s, which accepts a share of %d", (consumer, share) => {
    expect(shareOf([consumer])).toBeCloseTo(share, 2);
    expect(shareOf([consumer])).toBeGreaterThan(0.4);
    expect((1 - shareOf([consumer])) ** MAX_INCOMPATIBLE_KEYS).toBeLessThan(0.005);
  });

  it("is enough for both, because Azure accepts every key that AWS accepts", () => {
    expect(shareOf(COMPATIBLE_WITH)).toBe(shareOf(["aws"]));
  });
});

/** 32 bytes in base64url: as evenly spread as random ones, and repeatable. */
function keyFrom(index: number): string {
  return createHash("sha256").update(String(index)).digest("base64url");
}
