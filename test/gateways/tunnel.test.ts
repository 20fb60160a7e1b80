import { type GatewayTunnel, verifyTunnel } from "../../src/gateways/tunnel";
import { everythingIn, failureOf } from "../support/failure-of";

const fakeKey = "fake-key-for-tests-only";
const good: GatewayTunnel = {
  name: "branch-1",
  psk: fakeKey,
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.1",
};

describe("verifyTunnel()", () => {
  it("fills in the interface number", () => {
    expect(verifyTunnel(good)).toStrictEqual({ ...good, interfaceNumber: 1 });
  });

  it.each<Partial<GatewayTunnel>>([
    { name: "a" },
    { name: `a${"_".repeat(31)}` },
    { customerEndpoint: "198.51.100.7" },
    { interfaceNumber: 1 },
    { interfaceNumber: 65_535 },
    { psk: "0x '\"\n鍵" },
  ])("takes %j", (change) => {
    expect(verifyTunnel({ ...good, ...change })).toMatchObject(change);
  });

  it.each(
    [
      ["name", [undefined, "", "1a", "-a", "a b", "a\n", "a{", "ä", `a${"_".repeat(32)}`, 5]],
      ["psk", [undefined, "", null, 5]],
      ["fqdnId", [undefined, "", "localhost", "a..b", ".a.b", "a.b.", "a.b\n", "a b.c", "a.b}", 5]],
      [
        "cloudflareEndpoint",
        [undefined, "", "203.0.113", "203.0.113.1/32", "203.0.113.256", "2001:db8::1", " 203.0.113.1"],
      ],
      ["customerEndpoint", [null, "", "198.51.100.7\n", "%any", "2001:db8::1", 5]],
      ["interfaceNumber", [0, -1, 1.5, 65_536, Number.NaN, "1", null]],
    ].flatMap(([field, values]) => (values as unknown[]).map((value) => [field as string, value] as const)),
  )("refuses %s: %j", (field, value) => {
    const { code, details } = failureOf(() => verifyTunnel({ ...good, [field]: value }));

    expect(code).toBe("ERR_INVALID_GATEWAY");
    expect(details.what).toMatch(new RegExp(`^Cannot render a router configuration as ${field} must be [^;]+`));
  });

  it("names all mistakes at once, and never the key", () => {
    const failure = failureOf(() =>
      verifyTunnel({
        psk: fakeKey,
        name: fakeKey.repeat(2),
        fqdnId: "",
        customerEndpoint: fakeKey,
        interfaceNumber: 0,
      }),
    );

    const named = failure.details.what.match(/\b\w+ must be/g);
    expect(named).toEqual([
      "name must be",
      "fqdnId must be",
      "cloudflareEndpoint must be",
      "customerEndpoint must be",
      "interfaceNumber must be",
    ]);
    expect(everythingIn(failure)).not.toContain(fakeKey);
  });

  it("names every field that a description must have", () => {
    expect(failureOf(() => verifyTunnel({})).details.what.match(/\b\w+ must be/g)).toHaveLength(4);
  });
});
