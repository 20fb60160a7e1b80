import type { GatewayTunnel } from "../../src/gateways";
import { interfaceAddressRule, ownInterfaceRule } from "../../src/gateways/dialect-rules";
import { mistakesIn, type Rule } from "../../src/gateways/rules";
import { tunnelRules } from "../../src/gateways/validate-tunnel";

const good: GatewayTunnel = {
  name: "branch-1",
  psk: "fake-key-for-tests-only",
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.1",
};

const messagesOf = (rules: readonly Rule[]) => mistakesIn(rules).map(({ message }) => message);

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

describe("ownInterfaceRule()", () => {
  it.each<[string, Partial<GatewayTunnel>]>([
    ["vti", { uplinkInterface: "vti1" }],
    ["st0.", { uplinkInterface: "st0.7", interfaceNumber: 7 }],
    ["Tunnel", { uplinkInterface: "tunnel2", interfaceNumber: 2 }],
  ])("refuses %s of %j as its uplink", (start, change) => {
    expect(messagesOf([ownInterfaceRule({ ...good, ...change }, start)])).toEqual([
      "uplinkInterface must not be the tunnel's own interface, because the tunnel itself leaves through the uplink",
    ]);
  });

  it.each<Partial<GatewayTunnel>>([{}, { uplinkInterface: "vti2" }, { uplinkInterface: "vti1", interfaceNumber: 11 }])(
    "has no word about %j",
    (change) => {
      expect(messagesOf([ownInterfaceRule({ ...good, ...change }, "vti")])).toEqual([]);
    },
  );
});
