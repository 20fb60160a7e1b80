import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { type Dialect, type GatewayTunnel, renderGateway } from "../../src/gateways";
import { gatewayConfig } from "../../src/dynamic/gateway-config";
import { requireBuild, ROOT } from "../support/build";
import { failureOf } from "../support/failure-of";
import { settled } from "../support/output";

const tunnel = {
  name: "branch-1",
  psk: "a-fake-key-for-tests-only",
  fqdnId: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.10",
};

describe("gatewayConfig()", () => {
  it("renders outputs like plain values", async () => {
    const args = { ...tunnel, psk: pulumi.secret(tunnel.psk), fqdnId: pulumi.output(tunnel.fqdnId) };

    expect((await settled(gatewayConfig("strongswan", args))).value).toBe(renderGateway("strongswan", tunnel));
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

    expect((await settled(output)).value).toBe(renderGateway("vyos", { ...common, keyId, routedPrefixes }));
  });

  it("is secret even if the key is not", async () => {
    expect((await settled(gatewayConfig("strongswan", tunnel))).secret).toBe(true);
  });

  // In a process of its own: all that depends on a failed output fails too, which would end the tests.
  it("ends the program if the identity is missing, and names it but never the key", async () => {
    requireBuild();
    const args = JSON.stringify({ ...tunnel, fqdnId: undefined });
    const program = `require("pulumi-cloudflare-ipsec-psk").gatewayConfig("strongswan", ${args})`;

    const run = promisify(execFile)(process.execPath, ["-e", program], { cwd: ROOT });
    const failure = await run.catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 1 });
    const { stderr } = failure as { readonly stderr: string };
    expect(stderr).toContain(
      "Cannot render a strongSwan configuration: 1 mistake in its arguments (ERR_INVALID_GATEWAY)",
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
      "Cannot render a VyOS configuration: 3 mistakes in its arguments (ERR_INVALID_GATEWAY)",
      "- name must be a letter, then up to 31 letters, digits, - or _",
      "- cloudflareEndpoint must be a unicast IPv4 address",
      "- interfaceAddress must be given, because VyOS puts the router's address on the interface",
    ]);
  });

  it("throws immediately for a malformed identity, even if another one is an output", () => {
    const open = pulumi.output(pulumi.unknown as unknown as string);

    const { details } = failureOf(() => gatewayConfig("strongswan", { ...tunnel, fqdnId: open, keyId: "fake" }));

    expect(details.mistakes?.map(({ field }) => field)).toEqual(["keyId"]);
  });

  const ipv6 = { interfaceAddress6: "2001:db8::/127", routedPrefixes: ["2001:db8:1::/48"] };
  // Each is valid as a whole, by a rule that reads more than one field.
  it.each<[Dialect, Partial<GatewayTunnel>]>([
    ["strongswan", { fqdnId: tunnel.fqdnId }],
    ["vyos", { userFqdnId: "ipsec@example.com" }],
    ["markdown", { keyId: `33145236_${"b".repeat(32)}` }],
    ["junos", { fqdnId: tunnel.fqdnId, uplinkInterface: "ge-0/0/0.0" }],
    ["ciscoIosXe", { fqdnId: tunnel.fqdnId, customerEndpoint: "198.51.100.7" }],
    ["fortios", { fqdnId: tunnel.fqdnId, uplinkInterface: "wan1", ...ipv6 }],
    ["panos", { fqdnId: tunnel.fqdnId, uplinkInterface: "ethernet1/1", customerAsn: 13_335, cloudflareAsn: 64_512 }],
    ["vyos", { fqdnId: tunnel.fqdnId, uplinkInterface: "vti1", interfaceNumber: 2 }],
  ])("does not check a field of %s that depends on an output: %j", (dialect, change) => {
    const { name, psk, cloudflareEndpoint } = tunnel;
    const args = { name, psk, cloudflareEndpoint, interfaceAddress: "10.252.2.90/31", ...change };
    expect(renderGateway(dialect, args)).toContain(name);

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

  it("is unknown while an argument is", async () => {
    const args = { ...tunnel, psk: pulumi.output(pulumi.unknown as unknown as string) };

    await expect(settled(gatewayConfig("strongswan", args))).resolves.toEqual({
      value: undefined,
      known: false,
      secret: true,
    });
  });
});
