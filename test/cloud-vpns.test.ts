import { createHash } from "node:crypto";
import {
  type CloudVpn,
  COMPATIBLE_WITH,
  isCloudVpn,
  brokenRules,
  remedyFor,
  titleOf,
  whyRejected,
} from "../src/cloud-vpns";

const TITLES: Readonly<Record<CloudVpn, string>> = {
  aws: "AWS Site-to-Site VPN",
  azure: "Azure VPN Gateway",
  gcp: "Google Cloud VPN",
  oci: "OCI Site-to-Site VPN",
  alibaba: "Alibaba Cloud VPN Gateway",
};
const clouds = Object.keys(TITLES) as CloudVpn[];

// The likely form of a key that Cloudflare generates, 32 bytes in base64url. Hashes are as evenly spread, and repeatable.
const generated = Array.from({ length: 10_000 }, (_, seed) =>
  createHash("sha256").update(`fake key ${seed}`).digest("base64url"),
);

/** Percentage of the generated keys that a cloud VPN accepts. */
function acceptedBy(consumer: CloudVpn): number {
  return (100 * generated.filter((psk) => brokenRules(psk, consumer).length === 0).length) / generated.length;
}

// The limits of every rule are tested with the gateways: test/gateways/psk-problems.test.ts.
describe("brokenRules()", () => {
  it("returns every rule that a key breaks, without quoting the key", () => {
    expect(brokenRules("0-fake", "aws")).toEqual([
      "must have 8 to 64 characters",
      "must have only the letters A to Z and a to z, digits, periods and underscores",
      "must not start with 0",
    ]);
  });

  it("returns nothing for a compatible key", () => {
    expect(clouds.flatMap((consumer) => brokenRules("fakekeyfortestsonly", consumer))).toEqual([]);
  });

  it.each<[CloudVpn, number]>([
    ["aws", 51],
    ["azure", 52],
    ["gcp", 100],
    ["oci", 26],
    ["alibaba", 100],
  ])("accepts, for %s, about %d % of the generated keys", (consumer, share) => {
    expect(Math.abs(acceptedBy(consumer) - share)).toBeLessThan(2);
  });
});

describe("COMPATIBLE_WITH", () => {
  it("lists the cloud VPNs that accept at least 40% of the generated keys, but not all", () => {
    const wanted = clouds.filter((consumer) => acceptedBy(consumer) >= 40 && acceptedBy(consumer) < 100);

    expect([...COMPATIBLE_WITH]).toEqual(wanted);
  });
});

describe("titleOf()", () => {
  it.each(clouds)("names %s as its vendor does", (consumer) => {
    expect(titleOf(consumer)).toBe(TITLES[consumer]);
  });
});

describe("remedyFor()", () => {
  it.each(clouds)("suggests compatibleWith for %s only if that accepts it", (consumer) => {
    const taken: readonly CloudVpn[] = COMPATIBLE_WITH;

    expect(remedyFor(consumer).includes(`compatibleWith: ["${consumer}"]`)).toBe(taken.includes(consumer));
  });

  it("sets OCI's key, and says where", () => {
    expect(remedyFor("oci")).toMatch(/^Give OCI's key, or one of yours, as psk of the IpsecTunnelPsk/);
  });

  it.each<CloudVpn>(["gcp", "alibaba"])("suggests another key for %s", (consumer) => {
    expect(remedyFor(consumer)).toContain("change a rotation trigger");
  });
});

describe("isCloudVpn()", () => {
  it.each(clouds)("returns true for %s", (name) => {
    expect(isCloudVpn(name)).toBe(true);
  });

  it.each(["vyos", "AWS", "", "toString", undefined, 1])("returns false for %j", (value) => {
    expect(isCloudVpn(value)).toBe(false);
  });
});

describe("whyRejected()", () => {
  it.each([...COMPATIBLE_WITH, "vyos", undefined])("returns nothing for %j", (consumer) => {
    expect(whyRejected(consumer)).toBeUndefined();
  });

  it.each<CloudVpn>(["gcp", "alibaba"])("says that %s accepts every key", (consumer) => {
    expect(whyRejected(consumer)).toBe(`${TITLES[consumer]} accepts every key that Cloudflare generates: leave it out`);
  });

  it("says for oci what to do instead", () => {
    expect(whyRejected("oci")).toBe(`${TITLES.oci}: ${remedyFor("oci")}`);
  });
});
