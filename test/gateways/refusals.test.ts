import { type Dialect, type GatewayTunnel, renderGateway } from "../../src/gateways";
import { everythingIn, failureOf } from "../support/failure-of";
import { without } from "./without";

const tunnel: GatewayTunnel = {
  name: "branch-1",
  psk: "fake-key-for-tests-only",
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.1",
  uplinkInterface: "wan1",
  interfaceAddress: "10.252.2.90/31",
};

describe("renderGateway()", () => {
  it.each<[Dialect, string, Partial<GatewayTunnel>]>([
    ["vyos", "psk must not have a single quote", { psk: "fa'ke-key" }],
    ["vyos", "psk must not have a double quote", { psk: 'fa"ke-key' }],
    ["vyos", "psk must not have a question mark", { psk: "fake-key?" }],
    ["vyos", "psk must not start with 0x", { psk: "0Sfake-key" }],
    ["ciscoIosXe", "psk must not have a space", { psk: "fake key" }],
    ["ciscoIosXe", "psk must not have a quote", { psk: "fake\\key" }],
    ["ciscoIosXe", "psk must not have a question mark", { psk: "?fake-key" }],
    ["ciscoIosXe", "psk must not be 0, 6", { psk: "Loc" }],
    ["junos", "psk must not have a double quote", { psk: "fake\\key" }],
    ["junos", "psk must not start with $8$", { psk: "$9$fake-key" }],
    ["junos", "interfaceNumber must be below 16000", { interfaceNumber: 16_000 }],
    ["fortios", "name must have 15", { name: "branch-123456789" }],
    ["fortios", "uplinkInterface must be given", { uplinkInterface: "wan1234567890123" }],
    ["fortios", "psk must not have a quote", { psk: "fa'ke-key" }],
    ["fortios", "psk must not have a question mark", { psk: "fake?key" }],
    ["fortios", "psk must not have a dollar", { psk: "fake$key" }],
    ["fortios", "psk must not start with 0x", { psk: "0Xfa4e" }],
    ["fortios", "psk must not start with ENC", { psk: "ENC fake-key" }],
    ["panos", "name must have 31", { name: `a${"b".repeat(31)}` }],
    ["panos", "psk must not have a space", { psk: "fake key" }],
    ["panos", "psk must not have a quote", { psk: "fa'ke-key" }],
    ["panos", "psk must not have a question mark", { psk: "fake?key" }],
    ["panos", "psk must not start with -AQ==", { psk: "-AQ==fake" }],
    ["panos", "interfaceNumber must be 9999", { interfaceNumber: 10_000 }],
    ["markdown", "psk must be printable ASCII", { psk: "fake-kéy" }],
    ["markdown", "psk must not start or end with white space", { psk: " fake-key" }],
  ])("refuses %s where %s, and that alone", (dialect, rule, change) => {
    const failure = failureOf(() => renderGateway(dialect, { ...tunnel, ...change }));

    expect(failure.code).toBe("ERR_INVALID_GATEWAY");
    expect(failure.details.what).toContain(` as ${rule}`);
    expect(failure.details.what).not.toContain(";");
    expect(everythingIn(failure)).not.toContain(change.psk ?? tunnel.psk);
  });

  it("wants a source for IOS-XE: an address or an interface", () => {
    const rest = without(tunnel, "uplinkInterface");

    expect(failureOf(() => renderGateway("ciscoIosXe", rest)).details.what).toContain("uplinkInterface must be given");
    expect(renderGateway("ciscoIosXe", tunnel)).toContain("\n tunnel source wan1\n");
    expect(renderGateway("ciscoIosXe", { ...rest, customerEndpoint: "198.51.100.7" })).toContain(
      "\n tunnel source 198.51.100.7\n",
    );
  });

  it.each<[Dialect, Partial<GatewayTunnel>]>([
    ["junos", { interfaceNumber: 15_999 }],
    ["fortios", { name: "branch-12345678", uplinkInterface: "wan123456789012" }],
    ["panos", { name: `a${"b".repeat(30)}`, interfaceNumber: 9_999 }],
    ["vyos", { psk: "1x0s-fake-key", routedPrefixes: ["10.252.2.90/32"] }],
    ["fortios", { psk: "ENCfake-key" }],
  ])("takes for %s the most that it can hold: %j", (dialect, change) => {
    expect(renderGateway(dialect, { ...tunnel, ...change })).toContain("10.252.2.91");
  });
});
