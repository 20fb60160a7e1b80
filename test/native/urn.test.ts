import { nameIn, typeIn } from "../../src/native/urn";

describe("nameIn() and typeIn()", () => {
  it.each([
    ["urn:pulumi:dev::demo::cloudflare-ipsec-psk:index:GatewayConfig::router", "router"],
    ["urn:pulumi:dev::demo::my:component:Branch$cloudflare-ipsec-psk:index:GatewayConfig::router", "router"],
    ["urn:pulumi:dev::demo::cloudflare-ipsec-psk:index:GatewayConfig::a::b", "a::b"],
  ])("read %s", (urn, name) => {
    expect([nameIn(urn), typeIn(urn)]).toEqual([name, "cloudflare-ipsec-psk:index:GatewayConfig"]);
  });
});
