import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { type Dialect, type GatewayConfigFields, renderGatewayConfig } from "../../src/gateways";
import { gatewayConfig } from "../../src/program/gateway-config";
import { requireBuild, ROOT } from "../support/build";
import { failureOf } from "../support/failure-of";
import { settled } from "../support/output";

const tunnel = {
  name: "branch-1",
  psk: "a-fake-key-for-tests-only",
  fqdnId: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.10",
};

/** Runs a program in a process of its own, because all that depends on a failed output fails too. */
async function errorOf(program: string): Promise<string> {
  requireBuild();
  const run = promisify(execFile)(process.execPath, ["-e", program], { cwd: ROOT });
  const failure = await run.catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 1 });
  return (failure as { readonly stderr: string }).stderr;
}

describe("gatewayConfig()", () => {
  it("renders outputs like plain values", async () => {
    const args = { ...tunnel, psk: pulumi.secret(tunnel.psk), fqdnId: pulumi.output(tunnel.fqdnId) };

    expect((await settled(gatewayConfig("strongswan", args))).value).toBe(renderGatewayConfig("strongswan", tunnel));
  });

  it("accepts lists, and the other identities as outputs of the key resource", async () => {
    const { name, psk, cloudflareEndpoint } = tunnel;
    const keyId = `33145236_${"b".repeat(32)}`;
    const common = { name, psk, cloudflareEndpoint, interfaceAddress: "10.252.2.90/31" };
    const routedPrefixes = ["10.0.0.0/8"];

    const output = gatewayConfig("vyos", {
      ...common,
      fqdnId: undefined,
      keyId: pulumi.output<string | undefined>(keyId),
      routedPrefixes: pulumi.output(routedPrefixes),
    });

    expect((await settled(output)).value).toBe(renderGatewayConfig("vyos", { ...common, keyId, routedPrefixes }));
  });

  it("is secret even if the key is not", async () => {
    expect((await settled(gatewayConfig("strongswan", tunnel))).secret).toBe(true);
  });

  it("ends the program if the identity is missing, and names it but never the key", async () => {
    const args = JSON.stringify({ ...tunnel, fqdnId: undefined });

    const stderr = await errorOf(`require("pulumi-cloudflare-ipsec-psk").gatewayConfig("strongswan", ${args})`);

    expect(stderr).toContain(
      "Cannot render a strongSwan configuration: 1 problem in its arguments (ERR_INVALID_GATEWAY)",
    );
    expect(stderr).toMatch(/^- fqdnId must be given/m);
    expect(stderr).not.toContain(tunnel.psk);
  });

  it("throws immediately for mistakes in plain arguments, without waiting for outputs", () => {
    const open = pulumi.output(pulumi.unknown as unknown as string);

    const { message } = failureOf(() =>
      gatewayConfig("vyos", { ...tunnel, name: "branch 1", cloudflareEndpoint: "fake", psk: open, fqdnId: open }),
    );

    expect(message.split("\n").slice(0, 4)).toEqual([
      "Cannot render a VyOS configuration: 3 problems in its arguments (ERR_INVALID_GATEWAY)",
      "- name must be a letter, then up to 31 letters, digits, - or _",
      "- cloudflareEndpoint must be a unicast IPv4 address",
      "- interfaceAddress must be given, because VyOS puts the router's address on the interface",
    ]);
  });

  it("throws immediately for a malformed identity, even if another one is an output", () => {
    const open = pulumi.output(pulumi.unknown as unknown as string);

    const { details } = failureOf(() => gatewayConfig("strongswan", { ...tunnel, fqdnId: open, keyId: "fake" }));

    expect(details.problems?.map(({ property }) => property)).toEqual(["keyId"]);
  });

  const ipv6 = { interfaceAddress6: "2001:db8::/127", routedPrefixes: ["2001:db8:1::/48"] };
  // Each is valid as a whole, by a rule that reads more than one field.
  it.each<[Dialect, Partial<GatewayConfigFields>]>([
    ["strongswan", { fqdnId: tunnel.fqdnId }],
    ["vyos", { userFqdnId: "ipsec@example.com" }],
    ["markdown", { keyId: `33145236_${"b".repeat(32)}` }],
    ["junos", { fqdnId: tunnel.fqdnId, uplinkInterface: "ge-0/0/0.0" }],
    ["ciscoIosXe", { fqdnId: tunnel.fqdnId, customerEndpoint: "198.51.100.7" }],
    ["fortios", { fqdnId: tunnel.fqdnId, uplinkInterface: "wan1", ...ipv6 }],
    ["panos", { fqdnId: tunnel.fqdnId, uplinkInterface: "ethernet1/1", customerAsn: 13_335, cloudflareAsn: 64_512 }],
    ["vyos", { fqdnId: tunnel.fqdnId, uplinkInterface: "vti1", interfaceNumber: 2 }],
    ["strongswan", { fqdnId: tunnel.fqdnId, additionalKeyExchange: "mlkem768", routerVersion: "6.0.2" }],
    [
      "fortios",
      {
        ...{ fqdnId: tunnel.fqdnId, uplinkInterface: "wan1" },
        ...{ additionalKeyExchange: "mlkem768", classicalFallback: true, routerVersion: "7.6.6" },
      },
    ],
  ])("does not check a field of %s that depends on an output: %j", (dialect, change) => {
    const { name, psk, cloudflareEndpoint } = tunnel;
    const args = { name, psk, cloudflareEndpoint, interfaceAddress: "10.252.2.90/31", ...change };
    expect(renderGatewayConfig(dialect, args)).toContain(name);

    fc.assert(
      fc.property(fc.subarray(Object.keys(args)), (fields) => {
        const open = pulumi.output(pulumi.unknown as unknown as string);
        const outputs = Object.fromEntries(fields.map((field) => [field, open])) as Partial<typeof args>;

        expect(() => gatewayConfig(dialect, { ...args, ...outputs })).not.toThrow();
      }),
    );
  });

  it("also waits for promises, and for lists that contain an output, which Pulumi accepts", () => {
    const name = Promise.resolve("branch-1");
    const routedPrefixes = [pulumi.output("10.0.0.0/8")] as unknown as string[];

    expect(() => gatewayConfig("strongswan", { ...tunnel, name, routedPrefixes })).not.toThrow();
  });

  describe("with tunnel", () => {
    const { cloudflareEndpoint, ...own } = tunnel;
    const existing = {
      ...{ cloudflareEndpoint, customerEndpoint: "", interfaceAddress: "10.252.2.90/31", interfaceAddress6: "" },
      bgp: { customerAsn: 65_010, extraPrefixes: [], md5Key: "" },
    };
    const expected = renderGatewayConfig("vyos", {
      ...tunnel,
      interfaceAddress: existing.interfaceAddress,
      customerAsn: existing.bgp.customerAsn,
    });

    it.each([
      ["as it is", existing],
      ["as an output", pulumi.output(existing)],
      ["as a promise", Promise.resolve(existing)],
      ["with outputs in it", { ...existing, bgp: pulumi.output(existing.bgp) }],
    ])("takes what Cloudflare has of the tunnel, %s", async (_how, given) => {
      expect((await settled(gatewayConfig("vyos", { ...own, tunnel: given }))).value).toBe(expected);
    });

    it("takes a resource, whose fields are outputs", async () => {
      class Tunnel extends pulumi.ComponentResource {
        readonly cloudflareEndpoint = pulumi.output(existing.cloudflareEndpoint);
        readonly customerEndpoint = pulumi.output<string | undefined>(undefined);
        readonly interfaceAddress = pulumi.output(existing.interfaceAddress);
        readonly bgp = pulumi.output(existing.bgp);
      }
      await pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });

      const resource = new Tunnel("test:index:Tunnel", "branch-1", {});

      expect((await settled(gatewayConfig("vyos", { ...own, tunnel: resource }))).value).toBe(expected);
    });

    it("prefers what is given beside it", async () => {
      const output = gatewayConfig("vyos", { ...own, tunnel: existing, interfaceAddress: "10.252.2.93/30" });

      expect((await settled(output)).value).toContain("address '10.252.2.94/30'");
    });

    it("refuses a mistake in it immediately if it is plain, and names where it came from", () => {
      const { message } = failureOf(() =>
        gatewayConfig("vyos", { ...own, tunnel: { ...existing, interfaceAddress: "10.252.2.90/29" } }),
      );

      expect(message).toContain("(its value is tunnel.interfaceAddress)");
    });

    it("judges nothing that an unknown tunnel may give", () => {
      const open = pulumi.output(pulumi.unknown as unknown as typeof existing);

      expect(() => gatewayConfig("vyos", { ...own, tunnel: open })).not.toThrow();
      expect(() => gatewayConfig("vyos", { ...own, name: "-", tunnel: open })).toThrow("name must be");
    });

    it("ends the program for a mistake in an output as soon as it is known, before the key is", async () => {
      const wrong = { ...existing, customerEndpoint: "fake", interfaceAddress: "" };

      const stderr = await errorOf(`
        const { output, unknown } = require("@pulumi/pulumi");
        const { gatewayConfig } = require("pulumi-cloudflare-ipsec-psk");
        const tunnel = output(${JSON.stringify(wrong)});
        gatewayConfig("vyos", { ...${JSON.stringify(own)}, psk: output(unknown), tunnel });
      `);

      expect(stderr).toMatch(/^- customerEndpoint must be .+ \(its value is tunnel\.customerEndpoint\)$/m);
      expect(stderr).toMatch(/^- interfaceAddress must be given .+ \(tunnel\.interfaceAddress is empty\)$/m);
    });

    it("judges no field of a known output that an unknown one beside it may give", async () => {
      const interfaceAddress = pulumi.output(pulumi.unknown as unknown as string);
      const known = pulumi.output({ ...existing, interfaceAddress: "10.252.2.90/29" });

      await expect(settled(gatewayConfig("vyos", { ...own, interfaceAddress, tunnel: known }))).resolves.toMatchObject({
        known: false,
      });
    });

    it("takes the resource and the data source of @pulumi/cloudflare as they are, by its types", () => {
      const byResource = (resource: cloudflare.MagicWanIpsecTunnel) =>
        gatewayConfig("vyos", { ...own, tunnel: resource });
      const byDataSource = ({ ipsecTunnel }: cloudflare.GetMagicWanIpsecTunnelResult) =>
        gatewayConfig("vyos", { ...own, tunnel: ipsecTunnel });
      const byOutput = (result: pulumi.Output<cloudflare.GetMagicWanIpsecTunnelResult>) =>
        gatewayConfig("vyos", { ...own, tunnel: result.ipsecTunnel });

      expect([byResource, byDataSource, byOutput]).toHaveLength(3);
    });

    it("needs cloudflareEndpoint or tunnel, by its types", () => {
      // @ts-expect-error Neither is given.
      expect(() => gatewayConfig("vyos", own)).toThrow("cloudflareEndpoint must be");
    });
  });

  it("is unknown while an argument is", async () => {
    const args = { ...tunnel, psk: pulumi.output(pulumi.unknown as unknown as string) };

    await expect(settled(gatewayConfig("strongswan", args))).resolves.toEqual({
      value: undefined,
      known: false,
      secret: true,
    });
  });
});
