import type { GatewayTunnel } from "../../src/gateways";
import { mistakesIn, type Rule } from "../../src/gateways/rules";
import { interfaceAddressRule, tunnelRules } from "../../src/gateways/tunnel-rules";

const good: GatewayTunnel = {
  name: "branch-1",
  psk: "fake-key-for-tests-only",
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.1",
};

const messagesOf = (rules: readonly Rule[]) => mistakesIn(rules).map(({ message }) => message);
const mistakesOf = (tunnel: Partial<GatewayTunnel>) => messagesOf(tunnelRules(tunnel));

describe("tunnelRules()", () => {
  it.each<Partial<GatewayTunnel>>([
    { name: "a" },
    { name: `a${"_".repeat(31)}` },
    { customerEndpoint: "198.51.100.7" },
    { uplinkInterface: "GigabitEthernet0/0/0.100" },
    { interfaceNumber: 1 },
    { interfaceNumber: 65_535 },
    { interfaceAddress: "10.252.2.93/30" },
    { interfaceAddress6: "2001:db8::/127", routedPrefixes: ["10.0.0.0/8", "2001:db8::/32"] },
    { interfaceAddress: "10.252.2.90/31", customerAsn: 4_294_967_295, cloudflareAsn: 1 },
  ])("takes %j", (change) => {
    expect(mistakesOf({ ...good, ...change })).toEqual([]);
  });

  it.each(
    [
      ["name", [undefined, "", "1a", "-a", "a b", "a\n", "a{", "ä", `a${"_".repeat(32)}`, 5]],
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
    expect(mistakesOf({ ...good, [field]: value })).toEqual([expect.stringMatching(`^${field} must be `)]);
  });

  it.each<[string, Partial<GatewayTunnel>]>([
    ["userFqdnId must be left out, because fqdnId is given", { userFqdnId: "ipsec@example.com" }],
    ["keyId must be left out, because fqdnId is given", { keyId: "1_fedcba9876543210fedcba9876543210" }],
    ["customerAsn must be a whole", { customerAsn: 0, interfaceAddress: "10.0.0.0/31" }],
    ["customerAsn must be a whole", { customerAsn: 4_294_967_296, interfaceAddress: "10.0.0.0/31" }],
    ["cloudflareAsn must be a whole", { customerAsn: 65_010, cloudflareAsn: 1.5, interfaceAddress: "10.0.0.0/31" }],
    ["customerAsn must be given", { cloudflareAsn: 64_512 }],
    ["customerAsn must differ", { customerAsn: 13_335, interfaceAddress: "10.0.0.0/31" }],
    ["customerAsn must differ", { customerAsn: 64_512, cloudflareAsn: 64_512, interfaceAddress: "10.0.0.0/31" }],
    ["interfaceAddress must be given", { customerAsn: 65_010 }],
    ["interfaceAddress6 must be given", { routedPrefixes: ["10.0.0.0/8", "2001:db8::/32"] }],
  ])("says that %s, of %j", (rule, change) => {
    expect(mistakesOf({ ...good, ...change })).toEqual([expect.stringContaining(rule)]);
  });

  it("names every field that a description must have, but the key", () => {
    expect(mistakesIn(tunnelRules({})).map(({ field }) => field)).toEqual(["name", "fqdnId", "cloudflareEndpoint"]);
  });
});

describe("interfaceAddressRule()", () => {
  it("asks for the address, and says for whom", () => {
    expect(messagesOf([interfaceAddressRule(good, "VyOS")])).toEqual([
      "interfaceAddress must be given, because VyOS puts the router's address on the interface",
    ]);
  });

  it.each<Partial<GatewayTunnel>>([{ interfaceAddress: "10.252.2.90/31" }, { interfaceAddress: "" }])(
    "has no word about %j",
    (change) => {
      expect(messagesOf([interfaceAddressRule({ ...good, ...change }, "VyOS")])).toEqual([]);
    },
  );

  it("leaves a description with BGP to the rule that asks for it there", () => {
    const bgp = { ...good, customerAsn: 65_010 };

    expect(messagesOf([...tunnelRules(bgp), interfaceAddressRule(bgp, "VyOS")])).toEqual([
      expect.stringMatching(/^interfaceAddress must be given if customerAsn is/),
    ]);
  });
});
