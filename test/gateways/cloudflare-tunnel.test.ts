import { type CloudflareTunnel, type Dialect, type GatewayConfigArgs, renderGatewayConfig } from "../../src/gateways";
import { completed } from "../../src/gateways/cloudflare-tunnel";
import { checkGatewayConfig } from "../../src/gateways/render-gateway-config";
import { failureOf } from "../support/failure-of";
import { without } from "./without";

const own = {
  name: "branch-1",
  psk: "fake-key-for-tests-only",
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
};
const tunnel = {
  cloudflareEndpoint: "203.0.113.1",
  customerEndpoint: "198.51.100.7",
  interfaceAddress: "10.252.2.90/31",
  interfaceAddress6: "2001:db8:7::200/127",
  bgp: { customerAsn: 65_010, md5Key: "fake-md5-key-for-tests-only", extraPrefixes: [] },
  // What Cloudflare has beside that.
  id: "a".repeat(32),
  name: "CF tunnel 1",
  psk: "another-fake-key",
  replayProtection: true,
};
const written = {
  cloudflareEndpoint: "203.0.113.1",
  customerEndpoint: "198.51.100.7",
  interfaceAddress: "10.252.2.90/31",
  interfaceAddress6: "2001:db8:7::200/127",
  customerAsn: 65_010,
};

const problemsOf = (dialect: Dialect, description: GatewayConfigArgs) =>
  failureOf(() => renderGatewayConfig(dialect, description)).details.problems ?? [];

describe("completed()", () => {
  it("takes the addresses and the ASN from tunnel, and nothing else", () => {
    expect(completed({ ...own, tunnel }).fields).toEqual({ ...own, ...written });
  });

  it.each(Object.keys(written))("prefers %s that is given beside tunnel", (field) => {
    const given = { [field]: "given" };

    expect(completed({ ...own, ...given, tunnel }).fields).toEqual({ ...own, ...written, ...given });
  });

  it("takes a value in place of one that is given as undefined, as an identity may be", () => {
    expect(completed({ ...own, customerEndpoint: undefined as never, tunnel }).fields).toEqual({ ...own, ...written });
  });

  it.each([null, "", undefined])("counts a field that is %j as absent", (empty) => {
    const nothing: CloudflareTunnel = {
      ...{ cloudflareEndpoint: empty, customerEndpoint: empty, interfaceAddress: empty, interfaceAddress6: empty },
      bgp: { customerAsn: empty as null, md5Key: empty },
    };

    expect(completed({ ...own, tunnel: nothing })).toEqual({ fields: own, hasMd5Key: false });
    expect(completed({ ...own, tunnel: { bgp: empty as null } }).fields).toEqual(own);
    expect(completed({ ...own, tunnel: empty as null }).fields).toEqual(own);
  });
});

describe("renderGatewayConfig() with tunnel", () => {
  it("renders what the same values render that are written by hand", () => {
    expect(renderGatewayConfig("vyos", { ...own, tunnel: { ...tunnel, bgp: without(tunnel.bgp, "md5Key") } })).toBe(
      renderGatewayConfig("vyos", { ...own, ...written }),
    );
  });

  it("says that the BGP session has an MD5 key, and does not show it", () => {
    const text = renderGatewayConfig("vyos", { ...own, tunnel });

    expect(text).toContain("# BGP: Cloudflare's end has an MD5 key.");
    expect(text).not.toContain(tunnel.bgp.md5Key);
  });

  it("names where a value came from that is wrong", () => {
    const wrong = { ...tunnel, interfaceAddress: "10.252.2.90/29", bgp: { customerAsn: 13_335 } };

    expect(problemsOf("vyos", { ...own, tunnel: wrong })).toEqual([
      {
        property: "interfaceAddress",
        reason:
          "must be a unicast host address of an IPv4 /31 or /30, or left out (its value is tunnel.interfaceAddress)",
      },
      { property: "customerAsn", reason: "must differ from cloudflareAsn (its value is tunnel.bgp.customerAsn)" },
    ]);
  });

  it("says that tunnel has no value where one is needed", () => {
    expect(problemsOf("vyos", { ...own, tunnel: { cloudflareEndpoint: "203.0.113.1", interfaceAddress: "" } })).toEqual(
      [
        {
          property: "interfaceAddress",
          reason:
            "must be given, because VyOS puts the router's address on the interface (tunnel.interfaceAddress is empty)",
        },
      ],
    );
  });

  it("names no source for a value that is given beside tunnel, and none without tunnel", () => {
    const reasons = [
      ...problemsOf("vyos", { ...own, interfaceAddress: "fake", tunnel }),
      ...problemsOf("vyos", { ...own, ...written, interfaceAddress: "fake" }),
      ...problemsOf("vyos", { ...own, name: "-", tunnel }),
    ].map(({ reason }) => reason);

    expect(reasons).toHaveLength(3);
    expect(reasons.join()).not.toContain("tunnel.");
  });

  it.each(["203.0.113.1", 5, true, ["a"]])("refuses %j in its place", (value) => {
    expect(problemsOf("strongswan", { ...own, cloudflareEndpoint: "203.0.113.1", tunnel: value as never })).toEqual([
      {
        property: "tunnel",
        reason:
          "must be an object with the tunnel's fields, or left out: pass ipsecTunnel of getMagicWanIpsecTunnel, or outputs of a resource by their names",
      },
    ]);
  });
});

describe("checkGatewayConfig() with tunnel", () => {
  it("judges no field that an unknown tunnel may give", () => {
    expect(() => {
      checkGatewayConfig("vyos", { ...own, cloudflareAsn: 64_512 }, ["tunnel"]);
    }).not.toThrow();
  });

  it("judges what is given beside an unknown tunnel", () => {
    const { details } = failureOf(() => {
      checkGatewayConfig("vyos", { ...own, name: "-", interfaceAddress: "fake" }, ["tunnel"]);
    });

    expect(details.problems?.map(({ property }) => property)).toEqual(["name", "interfaceAddress"]);
  });
});
