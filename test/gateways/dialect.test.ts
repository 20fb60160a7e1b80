import { problemText } from "../../src/errors";
import type { GatewayConfigFields } from "../../src/gateways";
import {
  featureRule,
  includeRule,
  interfaceAddressRule,
  keyRules,
  problemsIn,
  ownInterfaceRule,
  type RefusedKey,
  routersRule,
  type Rule,
  UNTYPEABLE,
} from "../../src/gateways/dialect";
import { tunnelRules } from "../../src/gateways/validate-tunnel";

const good: GatewayConfigFields = {
  name: "branch-1",
  psk: "fake-key-for-tests-only",
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.1",
};

const messagesOf = (rules: readonly Rule[]) => problemsIn(rules).map(problemText);
const problemsOf = (psk: unknown, refused: readonly RefusedKey[]) => messagesOf(keyRules(psk, refused));

describe("keyRules()", () => {
  it.each([undefined, null, "", 5, ["fake-key"], "half \ud800", "\udc00"])("rejects %j once, in any dialect", (psk) => {
    expect(problemsOf(psk, UNTYPEABLE)).toEqual([
      "psk must be the pre-shared key: a string of valid Unicode that is not empty",
    ]);
  });

  it("accepts all valid Unicode if no pattern is refused", () => {
    expect(problemsOf("0x '\"\n鍵\u{1F511}", [])).toEqual([]);
  });

  it("reports every pattern that a key matches", () => {
    const refused = [
      [/a/, "not have an a"],
      [/k/, "not have a k"],
      [/x/, "not have an x"],
    ] as const;

    expect(problemsOf("fake", refused)).toEqual(["psk must not have an a", "psk must not have a k"]);
  });
});

describe("UNTYPEABLE", () => {
  it.each([
    ["be printable ASCII", "fake\x7fkey"],
    ["be printable ASCII", "fake\x1fkey"],
    ["be printable ASCII", "fake-kéy"],
    ["not start or end with white space", " fake-key"],
    ["not start or end with white space", "fake-key "],
  ])("says that psk must %s for %j", (rule, psk) => {
    expect(problemsOf(psk, UNTYPEABLE)).toEqual([expect.stringContaining(rule)]);
  });

  it.each(["!", "~", "fake key"])("accepts %j", (psk) => {
    expect(problemsOf(psk, UNTYPEABLE)).toEqual([]);
  });
});

describe("interfaceAddressRule()", () => {
  it("requires the address, and names the router that needs it", () => {
    expect(messagesOf([interfaceAddressRule(good, "VyOS")])).toEqual([
      "interfaceAddress must be given, because VyOS puts the router's address on the interface",
    ]);
  });

  it.each<Partial<GatewayConfigFields>>([{ interfaceAddress: "10.252.2.90/31" }, { interfaceAddress: "" }])(
    "accepts %j",
    (change) => {
      expect(messagesOf([interfaceAddressRule({ ...good, ...change }, "VyOS")])).toEqual([]);
    },
  );

  it("leaves the requirement to tunnelRules() if BGP has it too", () => {
    const bgp = { ...good, customerAsn: 65_010 };

    expect(messagesOf([...tunnelRules(bgp), interfaceAddressRule(bgp, "VyOS")])).toEqual([
      expect.stringMatching(/^interfaceAddress must be given if customerAsn is/),
    ]);
  });
});

describe("ownInterfaceRule()", () => {
  it.each<[string, Partial<GatewayConfigFields>]>([
    ["vti", { uplinkInterface: "vti1" }],
    ["st0.", { uplinkInterface: "st0.7", interfaceNumber: 7 }],
    ["Tunnel", { uplinkInterface: "tunnel2", interfaceNumber: 2 }],
  ])("rejects an interface %s as the uplink of %j", (start, change) => {
    expect(messagesOf([ownInterfaceRule({ ...good, ...change }, start)])).toEqual([
      "uplinkInterface must not be the tunnel's own interface, because the tunnel itself leaves through the uplink",
    ]);
  });

  it.each<Partial<GatewayConfigFields>>([
    {},
    { uplinkInterface: "vti2" },
    { uplinkInterface: "vti1", interfaceNumber: 11 },
  ])("accepts %j", (change) => {
    expect(messagesOf([ownInterfaceRule({ ...good, ...change }, "vti")])).toEqual([]);
  });
});

describe("featureRule()", () => {
  const messages = (change: Partial<GatewayConfigFields>, since?: string) =>
    messagesOf([featureRule({ ...good, ...change }, "additionalKeyExchange", "this is a test", since)]);

  it("refuses what the named version lacks", () => {
    expect(messages({ additionalKeyExchange: "mlkem768", routerVersion: "7.6.5" }, "7.6.6")).toEqual([
      "additionalKeyExchange must be left out, because this is a test",
    ]);
  });

  it("refuses what no version has, whatever version is named", () => {
    for (const named of [{}, { routerVersion: "99.9" }]) {
      expect(messages({ ...named, additionalKeyExchange: "mlkem768" })).toHaveLength(1);
    }
  });

  it.each<Partial<GatewayConfigFields>>([
    { additionalKeyExchange: "mlkem768" },
    { additionalKeyExchange: "mlkem768", routerVersion: "7.6.6" },
    { routerVersion: "7.6.5" },
    // Reported by tunnelRules().
    { additionalKeyExchange: 36 as never, routerVersion: "7.6.5" },
  ])("accepts %j", (change) => {
    expect(messages(change, "7.6.6")).toEqual([]);
  });
});

describe("routersRule()", () => {
  const messages = (routerVersion: string | undefined) =>
    messagesOf([routersRule({ ...good, ...(routerVersion === undefined ? {} : { routerVersion }) }, VYOS)]);
  const VYOS = { name: "VyOS", since: "1.4" };

  it("refuses a version that does not understand the text", () => {
    expect(messages("1.3.8")).toEqual(["routerVersion must be 1.4 or later, because the text is for VyOS 1.4"]);
  });

  it.each([undefined, "1.4.0", "1.5"])("accepts %s", (version) => {
    expect(messages(version)).toEqual([]);
  });
});

describe("includeRule()", () => {
  it("rejects the name include, with the reason", () => {
    expect(messagesOf([includeRule({ ...good, name: "include" })])).toEqual([
      "name must not be include, because strongSwan reads what follows as a file name",
    ]);
  });

  it.each<Partial<GatewayConfigFields>>([{ name: "Include" }, { name: "includes" }, {}])("accepts %j", (tunnel) => {
    expect(messagesOf([includeRule(tunnel)])).toEqual([]);
  });
});
