import { problemText } from "../../src/errors";
import type { GatewayConfigFields } from "../../src/gateways";
import { problemsIn, type Rule } from "../../src/gateways/dialect";
import { tunnelRules } from "../../src/gateways/validate-tunnel";
import { without } from "./without";

const good: GatewayConfigFields = {
  name: "branch-1",
  psk: "fake-key-for-tests-only",
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.1",
};

/** "This network", loopback, multicast, reserved and broadcast: the first and the last address of each. */
const NOT_UNICAST = [
  ...["0.0.0.0", "0.255.255.255", "127.0.0.0", "127.0.0.1", "127.255.255.255"],
  ...["224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255"],
];

/** Networks to which no router forwards, and why. */
const NOT_ROUTED = [
  ["0.0.0.0/8", "0.0.0.0/8 is this network"],
  ["0.0.0.0/32", "0.0.0.0/8 is this network"],
  ["127.0.0.0/8", "127.0.0.0/8 is loopback"],
  ["127.0.0.1/32", "127.0.0.0/8 is loopback"],
  ["224.0.0.0/3", "224.0.0.0/3 is multicast and reserved"],
  ["224.0.0.0/4", "224.0.0.0/4 is multicast"],
  ["239.255.255.0/24", "224.0.0.0/4 is multicast"],
  ["240.0.0.0/4", "240.0.0.0/4 is reserved"],
  ["255.255.255.255/32", "240.0.0.0/4 is reserved"],
  ["::/128", "::/96 is unspecified, loopback or obsolete"],
  ["::1/128", "::/96 is unspecified, loopback or obsolete"],
  ["::ffff:0:0/96", "::ffff:0:0/96 is IPv4-mapped"],
  ["::ffff:a00:0/104", "::ffff:0:0/96 is IPv4-mapped"],
  ["fe80::/10", "fe80::/10 is link-local"],
  ["FE80::/64", "fe80::/10 is link-local"],
  ["ff00::/8", "ff00::/8 is multicast"],
  ["ff02::1/128", "ff00::/8 is multicast"],
] as const;

const RESERVED_ASNS = [0, 23_456, 65_535, 4_294_967_295];

const messagesOf = (rules: readonly Rule[]) => problemsIn(rules).map(problemText);
const problemsOf = (tunnel: Partial<GatewayConfigFields>) => messagesOf(tunnelRules(tunnel));

describe("tunnelRules()", () => {
  it.each<Partial<GatewayConfigFields>>([
    { name: "a" },
    { name: `a${"_".repeat(31)}` },
    { customerEndpoint: "198.51.100.7" },
    { uplinkInterface: "GigabitEthernet0/0/0.100" },
    { interfaceNumber: 1 },
    { interfaceNumber: 65_535 },
    { interfaceAddress: "10.252.2.93/30" },
    { interfaceAddress6: "2001:db8::/127", routedPrefixes: ["10.0.0.0/8", "2001:db8::/32"] },
    // Networks may overlap, and may be the default route of each family.
    { routedPrefixes: ["10.0.0.0/8", "10.0.0.0/9", "10.1.0.0/16"] },
    { interfaceAddress6: "fd00::/127", routedPrefixes: ["0.0.0.0/0", "::/0", "::/1"] },
    { cloudflareEndpoint: "1.0.0.0", customerEndpoint: "223.255.255.255" },
    { cloudflareEndpoint: "126.255.255.255", customerEndpoint: "128.0.0.0" },
    { interfaceAddress: "169.254.0.0/31", interfaceAddress6: "fec0::/127" },
    // Wider than a network in which nothing is routed, or beside one.
    { routedPrefixes: ["0.0.0.0/1", "128.0.0.0/1", "1.0.0.0/8", "126.0.0.0/8", "128.0.0.0/8", "223.0.0.0/8"] },
    { routedPrefixes: ["169.254.0.0/16", "192.168.0.0/16", "100.64.0.0/10"] },
    { interfaceAddress6: "fd00::/127", routedPrefixes: ["8000::/1", "64:ff9b::/96", "fc00::/7", "fe00::/9"] },
    { fqdnId: "10.0.0.1.example" },
    { fqdnId: "a.1b" },
    { interfaceAddress: "10.252.2.90/31", customerAsn: 4_294_967_294, cloudflareAsn: 1 },
    { interfaceAddress: "10.252.2.90/31", customerAsn: 65_534, cloudflareAsn: 65_536 },
    { interfaceAddress: "10.252.2.90/31", customerAsn: 23_455, cloudflareAsn: 23_457 },
    { additionalKeyExchange: "mlkem768", classicalFallback: true },
    { additionalKeyExchange: "mlkem1024", classicalFallback: false },
    { classicalFallback: false },
    { routerVersion: "7.6.6" },
    { routerVersion: "17.03.04a" },
    { routerVersion: "2026.05.26-1327-rolling" },
  ])("accepts %j", (change) => {
    expect(problemsOf({ ...good, ...change })).toEqual([]);
  });

  it.each(
    [
      ["name", [undefined, "", "1a", "-a", "a b", "a\n", "a{", "ä", `a${"_".repeat(32)}`, 5]],
      [
        "fqdnId",
        [
          undefined,
          "",
          "localhost",
          "a..b",
          ".a.b",
          "a.b.",
          "a.b\n",
          "a b.c",
          "a.b}",
          5,
          "10.0.0.1",
          "10.0.0.1-10.0.0.9",
          "a.1",
        ],
      ],
      ["userFqdnId", ["", "a", "a@b", "@a.b", "a@b.c\n", "ipsec@10.0.0.1", 5]],
      [
        "cloudflareEndpoint",
        [undefined, "", "203.0.113", "203.0.113.1/32", "203.0.113.256", "2001:db8::1", " 203.0.113.1", ...NOT_UNICAST],
      ],
      ["additionalKeyExchange", [null, "", "mlkem512", "MLKEM768", "ml-kem-768", "toString", 36, ["mlkem768"]]],
      ["classicalFallback", [null, "", "true", 1]],
      ["routerVersion", [null, "", "7", "7.", "v7.6.6", "7.6.6\n", "7.6 6", "7.6.6.6.6", "latest", 7.6]],
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
          ...NOT_UNICAST.map((address) => `${address}/31`),
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
          "::/127",
          "::1/127",
          "::2/127",
          "::ffff:a00:1/127",
          "fe80::/127",
          "fe80::1/127",
          "febf::1/127",
          "ff02::2/127",
        ],
      ],
      [
        "routedPrefixes",
        [null, "10.0.0.0/8", [5], [""], ["10.0.0.1/8"], ["10.0.0.0/33"], ["10.0.0.0"], ["10.0.0.0/8", "10.0.0.0/8\n"]],
      ],
      ["customerEndpoint", [null, "", "198.51.100.7\n", "%any", "2001:db8::1", 5, ...NOT_UNICAST]],
      ["interfaceNumber", [0, -1, 1.5, 65_536, Number.NaN, "1", null]],
    ].flatMap(([field, values]) => (values as unknown[]).map((value) => [field as string, value] as const)),
  )("rejects %s: %j", (field, value) => {
    // One identity at a time.
    const rest = field === "userFqdnId" ? without(good, "fqdnId") : good;
    expect(problemsOf({ ...rest, [field]: value })).toEqual([expect.stringMatching(`^${field} must be `)]);
  });

  it.each<[string, Partial<GatewayConfigFields>]>([
    ["userFqdnId must be left out, because fqdnId is given", { userFqdnId: "ipsec@example.com" }],
    ["keyId must be left out, because fqdnId is given", { keyId: "1_fedcba9876543210fedcba9876543210" }],
    ...RESERVED_ASNS.flatMap((asn): [string, Partial<GatewayConfigFields>][] => [
      ["customerAsn must be a whole", { customerAsn: asn, interfaceAddress: "10.0.0.0/31" }],
      ["cloudflareAsn must be a whole", { customerAsn: 1, cloudflareAsn: asn, interfaceAddress: "10.0.0.0/31" }],
    ]),
    ["customerAsn must be a whole", { customerAsn: -1, interfaceAddress: "10.0.0.0/31" }],
    ["customerAsn must be a whole", { customerAsn: 4_294_967_296, interfaceAddress: "10.0.0.0/31" }],
    ["cloudflareAsn must be a whole", { customerAsn: 65_010, cloudflareAsn: 1.5, interfaceAddress: "10.0.0.0/31" }],
    ["customerAsn must be given", { cloudflareAsn: 64_512 }],
    ["customerAsn must differ", { customerAsn: 13_335, interfaceAddress: "10.0.0.0/31" }],
    ["customerAsn must differ", { customerAsn: 64_512, cloudflareAsn: 64_512, interfaceAddress: "10.0.0.0/31" }],
    ["interfaceAddress must be given", { customerAsn: 65_010 }],
    ["customerEndpoint must differ from cloudflareEndpoint", { customerEndpoint: good.cloudflareEndpoint }],
    ["interfaceAddress must be on a different network", { interfaceAddress: "203.0.113.0/31" }],
    [
      "interfaceAddress must be on a different network",
      { interfaceAddress: "198.51.100.5/30", customerEndpoint: "198.51.100.7" },
    ],
    ["routedPrefixes must have each network once", { routedPrefixes: ["10.0.0.0/8", "192.168.0.0/16", "10.0.0.0/8"] }],
    [
      "routedPrefixes must have each network once",
      { interfaceAddress6: "2001:db8::/127", routedPrefixes: ["2001:db8::/32", "::/0", "2001:DB8:0::0/32"] },
    ],
    ...NOT_ROUTED.map(([prefix, why]): [string, Partial<GatewayConfigFields>] => [
      `routedPrefixes must have only networks that routers forward to: ${why}`,
      { interfaceAddress6: "2001:db8::/127", routedPrefixes: ["10.0.0.0/8", prefix] },
    ]),
    ["cloudflareEndpoint must be a unicast IPv4 address: 127.0.0.0/8 is loopback", { cloudflareEndpoint: "127.0.0.1" }],
    ["or left out: 224.0.0.0/4 is multicast", { customerEndpoint: "224.0.0.5" }],
    ["or left out: 240.0.0.0/4 is reserved", { interfaceAddress: "255.255.255.254/31" }],
    ["or left out: fe80::/10 is link-local", { interfaceAddress6: "fe80::1/127" }],
    ["classicalFallback must be left out or false", { classicalFallback: true }],
    ["interfaceAddress6 must be given", { routedPrefixes: ["10.0.0.0/8", "2001:db8::/32"] }],
  ])("says that %s for %j", (rule, change) => {
    expect(problemsOf({ ...good, ...change })).toEqual([expect.stringContaining(rule)]);
  });

  it("reports every required field that is missing, except the key", () => {
    expect(problemsIn(tunnelRules({})).map(({ property }) => property)).toEqual([
      "name",
      "fqdnId",
      "cloudflareEndpoint",
    ]);
  });
});
