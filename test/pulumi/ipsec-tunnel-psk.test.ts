import * as pulumi from "@pulumi/pulumi";
import { gatewayConfig } from "../../src/pulumi/gateway-config";
import type * as Copy from "../../src/pulumi/ipsec-tunnel-psk";
import { IpsecTunnelPsk } from "../../src/pulumi/ipsec-tunnel-psk";
import { PROVIDER_TEXT } from "../../src/pulumi/provider-text";
import { settled } from "../support/output";

const TOKEN = "pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk";
const TUNNEL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const FQDN = `${TUNNEL}.33145236.ipsec.cloudflare.com`;

const args = Object.freeze({
  accountId: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  ipsecTunnelId: TUNNEL,
  rotationTriggers: Object.freeze({ quarter: "2026-Q4" }),
});
const generated = { psk: "a-fake-key-for-tests-only", ipsecId: `33145236_${TUNNEL}`, status: "inForce" };

let registered: pulumi.runtime.MockResourceArgs[];

/** As users' own unit tests do it. `outputs`: what a provider adds to the inputs. */
async function underMocks(preview: boolean, outputs: object = generated): Promise<void> {
  registered = [];
  const newResource = (resource: pulumi.runtime.MockResourceArgs) => {
    registered.push(resource);
    return { id: "fake-id", state: { ...(resource.inputs as object), ...outputs } };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", preview);
}

describe.each([
  ["a preview", true],
  ["an up", false],
])("new IpsecTunnelPsk() in %s under mocks", (_when, preview) => {
  beforeEach(() => underMocks(preview));

  it("registers its inputs and the provider text under its own type", async () => {
    await settled(new IpsecTunnelPsk("branch-1", args).urn);

    expect(registered).toMatchObject([{ type: TOKEN, name: "branch-1", custom: true }]);
    expect(registered[0]?.inputs).toEqual({ ...args, __provider: PROVIDER_TEXT });
  });

  it("has the key as a secret", async () => {
    await expect(settled(new IpsecTunnelPsk("branch-1", args).psk)).resolves.toEqual({
      value: generated.psk,
      known: true,
      secret: true,
    });
  });

  it("derives the IKE identities from the tunnel's name in IKE", async () => {
    const key = new IpsecTunnelPsk("branch-1", args);

    const identities = await Promise.all([key.fqdnId, key.userFqdnId, key.keyId].map(settled));

    expect(identities.map(({ value }) => value)).toEqual([FQDN, `ipsec@${FQDN}`, `33145236_${TUNNEL}`]);
  });

  it("takes the same arguments for a second resource", async () => {
    await settled(new IpsecTunnelPsk("branch-1", args).urn);
    await settled(new IpsecTunnelPsk("branch-2", args).urn);

    expect(registered.map(({ name, inputs }) => [name, inputs as unknown])).toEqual([
      ["branch-1", { ...args, __provider: PROVIDER_TEXT }],
      ["branch-2", { ...args, __provider: PROVIDER_TEXT }],
    ]);
  });

  it("gives a router's configuration that is secret", async () => {
    const { psk, fqdnId } = new IpsecTunnelPsk("branch-1", args);

    const config = gatewayConfig("strongswan", { name: "branch-1", psk, fqdnId, cloudflareEndpoint: "203.0.113.10" });

    await expect(settled(config)).resolves.toMatchObject({
      value: expect.stringContaining(`id = ${FQDN}`) as string,
      secret: true,
    });
  });
});

describe("new IpsecTunnelPsk() where Cloudflare sends no name in IKE", () => {
  beforeEach(() => underMocks(false, { psk: generated.psk }));

  it("has no IKE identities", async () => {
    const key = new IpsecTunnelPsk("branch-1", args);

    const identities = await Promise.all([key.fqdnId, key.userFqdnId, key.keyId].map(settled));

    expect(identities.map(({ value, known }) => [value, known])).toEqual(Array(3).fill([undefined, true]));
  });
});

describe("new IpsecTunnelPsk() in a preview, before there is a key", () => {
  beforeEach(() => underMocks(true, {}));

  it("has the key as a secret that is not known", async () => {
    await expect(settled(new IpsecTunnelPsk("branch-1", args).psk)).resolves.toEqual({
      value: undefined,
      known: false,
      secret: true,
    });
  });

  it("knows its inputs", async () => {
    await expect(settled(new IpsecTunnelPsk("branch-1", args).ipsecTunnelId)).resolves.toMatchObject({
      value: TUNNEL,
      known: true,
    });
  });
});

describe("IpsecTunnelPsk.isInstance()", () => {
  beforeEach(() => underMocks(false));

  it("takes an instance", () => {
    expect(IpsecTunnelPsk.isInstance(new IpsecTunnelPsk("branch-1", args))).toBe(true);
  });

  it("takes one of another copy of this package", () => {
    jest.isolateModules(() => {
      const copy = jest.requireActual<typeof Copy>("../../src/pulumi/ipsec-tunnel-psk");
      const key = Object.create(copy.IpsecTunnelPsk.prototype, { __pulumiType: { value: TOKEN } }) as unknown;

      expect([key instanceof IpsecTunnelPsk, IpsecTunnelPsk.isInstance(key)]).toEqual([false, true]);
    });
  });

  it.each([[undefined], [null], ["text"], [{}]])("refuses %p", (value) => {
    expect(IpsecTunnelPsk.isInstance(value)).toBe(false);
  });

  it("refuses a resource of another type", () => {
    expect(IpsecTunnelPsk.isInstance(new pulumi.ComponentResource("fake:index:Component", "another"))).toBe(false);
  });
});
