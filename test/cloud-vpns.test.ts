import { createHash } from "node:crypto";
import { type CloudVpn, COMPATIBLE_WITH, mistakesFor, remedyFor, titleOf } from "../src/cloud-vpns";

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

/** Per cent of the generated keys that a consumer accepts. */
function acceptedBy(consumer: CloudVpn): number {
  return (100 * generated.filter((psk) => mistakesFor(psk, consumer).length === 0).length) / generated.length;
}

// The boundaries of every rule are tried with checkPsk, in test/gateways/check-psk.test.ts.
describe("mistakesFor()", () => {
  it("names every rule that a key breaks, in words and not by the key", () => {
    expect(mistakesFor("0-fake", "aws")).toEqual([
      "psk must have 8 to 64 characters",
      "psk must have only the letters A to Z and a to z, digits, periods and underscores",
      "psk must not start with 0",
    ]);
  });

  it("names none of a key that suits", () => {
    expect(clouds.flatMap((consumer) => mistakesFor("fakekeyfortestsonly", consumer))).toEqual([]);
  });

  it.each<[CloudVpn, number]>([
    ["aws", 51],
    ["azure", 52],
    ["gcp", 100],
    ["oci", 26],
    ["alibaba", 100],
  ])("lets pass for %s about %d % of generated keys", (consumer, share) => {
    expect(Math.abs(acceptedBy(consumer) - share)).toBeLessThan(2);
  });
});

describe("COMPATIBLE_WITH", () => {
  it("holds those that accept at least 40 % of generated keys, and not all", () => {
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
  it.each(clouds)("names compatibleWith for %s only where it takes it", (consumer) => {
    const taken: readonly CloudVpn[] = COMPATIBLE_WITH;

    expect(remedyFor(consumer).includes(`compatibleWith: ["${consumer}"]`)).toBe(taken.includes(consumer));
  });

  it("has OCI make the key, and says where it goes", () => {
    expect(remedyFor("oci")).toMatch(/^Let OCI make the key/);
    expect(remedyFor("oci")).toContain("psk of MagicWanIpsecTunnel");
    expect(remedyFor("oci")).toContain("POST …/ipsec_tunnels/psk");
  });

  it.each<CloudVpn>(["gcp", "alibaba"])("has another key generated for %s", (consumer) => {
    expect(remedyFor(consumer)).toContain("change a rotation trigger");
  });
});
