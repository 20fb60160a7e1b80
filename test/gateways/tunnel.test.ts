import { type GatewayTunnel, remarksOn, verifyTunnel } from "../../src/gateways/tunnel";
import { everythingIn, failureOf } from "../support/failure-of";
import { without } from "./without";

const fakeKey = "fake-key-for-tests-only";
const good: GatewayTunnel = {
  name: "branch-1",
  psk: fakeKey,
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.1",
};

describe("verifyTunnel()", () => {
  it("fills in what was left out", () => {
    const { fqdnId, ...rest } = good;

    expect(verifyTunnel(good)).toStrictEqual({
      ...rest,
      identity: { type: "fqdn", value: fqdnId },
      customerEndpoint: undefined,
      uplinkInterface: undefined,
      interfaceNumber: 1,
      link: undefined,
      link6: undefined,
      routes: [],
      bgp: undefined,
    });
  });

  it.each<Partial<GatewayTunnel>>([
    { name: "a" },
    { name: `a${"_".repeat(31)}` },
    { customerEndpoint: "198.51.100.7" },
    { uplinkInterface: "GigabitEthernet0/0/0.100" },
    { interfaceNumber: 1 },
    { interfaceNumber: 65_535 },
    { psk: "0x '\"\n鍵\u{1F511}" },
  ])("takes %j", (change) => {
    expect(verifyTunnel({ ...good, ...change })).toMatchObject(change);
  });

  it.each([
    ["10.252.2.90/31", "10.252.2.91"],
    ["10.252.2.91/31", "10.252.2.90"],
    ["10.252.2.93/30", "10.252.2.94"],
    ["10.252.2.94/30", "10.252.2.93"],
  ])("gives the router the other address of %s", (interfaceAddress, router) => {
    const [cloudflare, length] = interfaceAddress.split("/");

    expect(verifyTunnel({ ...good, interfaceAddress }).link).toEqual({ cloudflare, router, length: Number(length) });
  });

  it.each([
    ["2001:db8::/127", "2001:db8::1"],
    ["2606:54c1:7:0:a9fe:12d2:1:201/127", "2606:54c1:7:0:a9fe:12d2:1:200"],
    ["fd00:0:0:1::ffff/127", "fd00:0:0:1::fffe"],
  ])("gives the router the other address of %s", (interfaceAddress6, router) => {
    expect(verifyTunnel({ ...good, interfaceAddress6 }).link6).toMatchObject({ router, length: 127 });
  });

  it("peers with Cloudflare's usual ASN unless the account has another", () => {
    const bgp = { ...good, interfaceAddress: "10.252.2.90/31", customerAsn: 4_294_967_295 };

    expect(verifyTunnel(bgp).bgp).toEqual({ customerAsn: 4_294_967_295, cloudflareAsn: 13_335 });
    expect(verifyTunnel({ ...bgp, cloudflareAsn: 64_512 }).bgp).toMatchObject({ cloudflareAsn: 64_512 });
  });

  it.each<[keyof GatewayTunnel, string]>([
    ["userFqdnId", "ipsec@example.com"],
    ["keyId", "1_fedcba9876543210fedcba9876543210"],
  ])("takes %s instead of fqdnId, and not both", (field, value) => {
    const rest = without(good, "fqdnId");

    expect(verifyTunnel({ ...rest, [field]: value }).identity).toEqual({
      type: field.replace(/Id$/, "").replace("key", "keyId"),
      value,
    });
    expect(failureOf(() => verifyTunnel({ ...good, [field]: value })).details.what).toContain(
      "identity must be one alone",
    );
  });

  it.each(
    [
      ["name", [undefined, "", "1a", "-a", "a b", "a\n", "a{", "ä", `a${"_".repeat(32)}`, 5]],
      ["psk", [undefined, "", null, 5, "half \ud800", "\udc00"]],
      ["fqdnId", [undefined, "", "localhost", "a..b", ".a.b", "a.b.", "a.b\n", "a b.c", "a.b}", 5]],
      [
        "cloudflareEndpoint",
        [undefined, "", "203.0.113", "203.0.113.1/32", "203.0.113.256", "2001:db8::1", " 203.0.113.1"],
      ],
      ["uplinkInterface", [null, "", "0", "a b", "a\n", 'a"', `a${"b".repeat(31)}`, 5]],
      [
        "interfaceAddress",
        [
          null,
          "",
          "10.0.0.0",
          "10.0.0.0/32",
          "10.0.0.1/29",
          "10.0.0.0/30",
          "10.0.0.3/30",
          "10.0.0.0/031",
          "2001:db8::/127",
          5,
        ],
      ],
      [
        "interfaceAddress6",
        [
          null,
          "",
          "2001:db8::",
          "2001:db8::/126",
          "2001:db8::/128",
          "::ffff:1.2.3.4/127",
          "fe80::1%a/127",
          "10.0.0.0/31",
        ],
      ],
      [
        "routedPrefixes",
        [null, "10.0.0.0/8", [5], [""], ["10.0.0.1/8"], ["10.0.0.0/33"], ["10.0.0.0"], ["10.0.0.0/8", "10.0.0.0/8\n"]],
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

  it.each<[string, Partial<GatewayTunnel>]>([
    ["customerAsn must be a whole", { customerAsn: 0, interfaceAddress: "10.0.0.0/31" }],
    ["customerAsn must be a whole", { customerAsn: 4_294_967_296, interfaceAddress: "10.0.0.0/31" }],
    ["cloudflareAsn must be a whole", { customerAsn: 65_010, cloudflareAsn: 1.5, interfaceAddress: "10.0.0.0/31" }],
    ["customerAsn must be given", { cloudflareAsn: 64_512 }],
    ["customerAsn must be another", { customerAsn: 13_335, interfaceAddress: "10.0.0.0/31" }],
    ["customerAsn must be another", { customerAsn: 64_512, cloudflareAsn: 64_512, interfaceAddress: "10.0.0.0/31" }],
    ["interfaceAddress must be given", { customerAsn: 65_010 }],
    ["interfaceAddress6 must be given", { routedPrefixes: ["10.0.0.0/8", "2001:db8::/32"] }],
  ])("says that %s, of %j", (rule, change) => {
    const { what } = failureOf(() => verifyTunnel({ ...good, ...change })).details;

    expect(what).toContain(rule);
    expect(what).not.toContain(";");
  });

  it("names every field that a description must have", () => {
    expect(failureOf(() => verifyTunnel({})).details.what.match(/\b\w+ must be/g)).toHaveLength(4);
  });
});

describe("remarksOn()", () => {
  const remarks = (routedPrefixes: string[]) => remarksOn(verifyTunnel({ ...good, routedPrefixes })).join();

  it.each(["0.0.0.0/0", "203.0.113.0/24", "203.0.113.1/32"])("warns of %s, which covers Cloudflare's end", (prefix) => {
    expect(remarks(["10.0.0.0/8", prefix])).toContain("203.0.113.1 itself");
  });

  it.each(["203.0.113.2/32", "203.0.112.0/24", "202.0.0.0/8"])("has no word about %s", (prefix) => {
    expect(remarks([prefix])).toBe("");
  });
});
