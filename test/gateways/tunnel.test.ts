import type { GatewayConfigFields } from "../../src/gateways";
import { readTunnel, remarksOn } from "../../src/gateways/tunnel";
import { without } from "./without";

const good: GatewayConfigFields = {
  name: "branch-1",
  psk: "fake-key-for-tests-only",
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.1",
};

describe("readTunnel()", () => {
  it("fills in the defaults", () => {
    const { fqdnId, ...rest } = good;

    expect(readTunnel(good)).toStrictEqual({
      ...rest,
      identity: { type: "fqdn", value: fqdnId },
      customerEndpoint: undefined,
      uplinkInterface: undefined,
      interfaceNumber: 1,
      link: undefined,
      link6: undefined,
      routes: [],
      bgp: undefined,
      hybrid: undefined,
      routerVersion: undefined,
    });
  });

  it("lets nothing fall back to a classical key exchange unless that is said", () => {
    const method = "mlkem768";

    expect(readTunnel({ ...good, additionalKeyExchange: method }).hybrid).toEqual({ method, isOptional: false });
    expect(readTunnel({ ...good, additionalKeyExchange: method, classicalFallback: true }).hybrid).toEqual({
      method,
      isOptional: true,
    });
  });

  it.each([
    ["10.252.2.90/31", "10.252.2.91"],
    ["10.252.2.91/31", "10.252.2.90"],
    ["10.252.2.93/30", "10.252.2.94"],
    ["10.252.2.94/30", "10.252.2.93"],
  ])("gives the router the other address of %s", (interfaceAddress, router) => {
    const [cloudflare, length] = interfaceAddress.split("/");

    expect(readTunnel({ ...good, interfaceAddress }).link).toEqual({ cloudflare, router, length: Number(length) });
  });

  it.each([
    ["2001:db8::/127", "2001:db8::1"],
    ["2606:54c1:7:0:a9fe:12d2:1:201/127", "2606:54c1:7:0:a9fe:12d2:1:200"],
    ["fd00:0:0:1::ffff/127", "fd00:0:0:1::fffe"],
  ])("gives the router the other address of %s", (interfaceAddress6, router) => {
    expect(readTunnel({ ...good, interfaceAddress6 }).link6).toMatchObject({ router, length: 127 });
  });

  it("uses Cloudflare's usual ASN unless another one is given", () => {
    const bgp = { ...good, interfaceAddress: "10.252.2.90/31", customerAsn: 4_200_000_000 };

    expect(readTunnel(bgp).bgp).toEqual({
      customerAsn: 4_200_000_000,
      cloudflareAsn: 13_335,
      hasMd5Key: false,
    });
    expect(readTunnel({ ...bgp, cloudflareAsn: 64_512 }).bgp).toMatchObject({ cloudflareAsn: 64_512 });
  });

  it.each([
    ["fqdn", { fqdnId: "branch-1.example.com" }],
    ["userFqdn", { userFqdnId: "ipsec@example.com" }],
    ["keyId", { keyId: "1_fedcba9876543210fedcba9876543210" }],
  ])("takes the type of an identity, %s, from its field", (type, id) => {
    expect(readTunnel({ ...without(good, "fqdnId"), ...id }).identity).toEqual({ type, value: Object.values(id)[0] });
  });
});

describe("remarksOn()", () => {
  const remarks = (routedPrefixes: string[]) => remarksOn(readTunnel({ ...good, routedPrefixes })).join();

  it.each(["0.0.0.0/0", "203.0.113.0/24", "203.0.113.1/32"])(
    "warns of %s, which covers cloudflareEndpoint",
    (prefix) => {
      expect(remarks(["10.0.0.0/8", prefix])).toContain("203.0.113.1 itself");
    },
  );

  it("warns of an MD5 key of the BGP session, if there is one", () => {
    const bgp = { ...good, interfaceAddress: "10.252.2.90/31", customerAsn: 65_010 };

    expect(remarksOn(readTunnel(bgp, true)).join()).toContain("MD5 key");
    expect(remarksOn(readTunnel(bgp, false)).join()).not.toContain("MD5 key");
    expect(remarksOn(readTunnel(good, true))).toEqual([]);
  });

  it("warns that a fallback is silent, and only of one", () => {
    const hybrid = { ...good, additionalKeyExchange: "mlkem1024" } as const;

    expect(remarksOn(readTunnel({ ...hybrid, classicalFallback: true })).join()).toContain("no error says so");
    expect(remarksOn(readTunnel(hybrid))).toEqual([]);
  });

  it.each(["203.0.113.2/32", "203.0.112.0/24", "202.0.0.0/8"])("does not warn of %s", (prefix) => {
    expect(remarks([prefix])).toBe("");
  });
});
