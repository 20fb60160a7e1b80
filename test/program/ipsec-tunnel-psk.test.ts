import * as pulumi from "@pulumi/pulumi";
import { gatewayConfig } from "../../src/program/gateway-config";
import type * as Copy from "../../src/program/ipsec-tunnel-psk";
import { IpsecTunnelPsk, type IpsecTunnelPskArgs } from "../../src/program/ipsec-tunnel-psk";
import { PROVIDER_TEXT } from "../../src/dynamic/provider-text";
import { Provider } from "../../src/program/provider-resource";
import { spreadDays } from "../../src/psk/spread";
import { wireSecret } from "../support/dynamic-provider-host";
import { failureOf } from "../support/failure-of";
import { settled } from "../support/output";

const TOKEN = "pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk";
const TUNNEL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const FQDN = `${TUNNEL}.33145236.ipsec.cloudflare.com`;

const args = Object.freeze({
  accountId: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  ipsecTunnelId: TUNNEL,
  rotationTriggers: Object.freeze({ quarter: "2026-Q4" }),
});
const generated = { psk: "a-fake-key-for-tests-only", ipsecId: `33145236_${TUNNEL}`, status: "active" };

let registered: pulumi.runtime.MockResourceArgs[];

/** Sets mocks as users' own unit tests do. `outputs`: what a provider adds to the inputs. */
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

  it("derives the IKE identities from ipsec_id", async () => {
    const key = new IpsecTunnelPsk("branch-1", args);

    const identities = await Promise.all([key.fqdnId, key.userFqdnId, key.keyId].map(settled));

    expect(identities.map(({ value }) => value)).toEqual([FQDN, `ipsec@${FQDN}`, `33145236_${TUNNEL}`]);
  });

  it("accepts the same arguments for a second resource", async () => {
    await settled(new IpsecTunnelPsk("branch-1", args).urn);
    await settled(new IpsecTunnelPsk("branch-2", args).urn);

    expect(registered.map(({ name, inputs }) => [name, inputs as unknown])).toEqual([
      ["branch-1", { ...args, __provider: PROVIDER_TEXT }],
      ["branch-2", { ...args, __provider: PROVIDER_TEXT }],
    ]);
  });

  it("renders a router's configuration that is secret", async () => {
    const { psk, fqdnId } = new IpsecTunnelPsk("branch-1", args);

    const config = gatewayConfig("strongswan", { name: "branch-1", psk, fqdnId, cloudflareEndpoint: "203.0.113.10" });

    await expect(settled(config)).resolves.toMatchObject({
      value: expect.stringContaining(`id = ${FQDN}`) as string,
      secret: true,
    });
  });
});

describe.each([
  ["a preview", true],
  ["an up", false],
])("new IpsecTunnelPsk() in %s under mocks, with existingKey,", (_when, preview) => {
  const existingKey = { psk: generated.psk, lastGeneratedOn: "2026-03-01T12:00:00.123456Z" };

  beforeEach(() => underMocks(preview));

  it("makes all of it secret", async () => {
    await settled(new IpsecTunnelPsk("branch-1", { ...args, existingKey }).urn);

    expect(registered[0]?.inputs).toEqual({ ...args, existingKey: wireSecret(existingKey), __provider: PROVIDER_TEXT });
  });

  it("makes it secret if parts of it are outputs", async () => {
    const outputs = { ...existingKey, psk: pulumi.output(existingKey.psk) };

    await settled(new IpsecTunnelPsk("branch-1", { ...args, existingKey: outputs }).urn);

    expect((registered[0]?.inputs as { readonly existingKey: unknown }).existingKey).toEqual(wireSecret(existingKey));
  });
});

describe.each([
  ["a preview", true],
  ["an up", false],
])("new IpsecTunnelPsk() in %s under mocks, with psk,", (_when, preview) => {
  beforeEach(() => underMocks(preview, { status: "active" }));

  it.each<[string, () => pulumi.Input<string>]>([
    ["plain", () => generated.psk],
    ["an output", () => pulumi.output(generated.psk)],
    ["a secret", () => pulumi.secret(generated.psk)],
    ["a promise", () => Promise.resolve(generated.psk)],
  ])("registers it as a secret input, and has it as a secret output: %s", async (_what, psk) => {
    const key = new IpsecTunnelPsk("branch-1", { ...args, psk: psk() });

    await expect(settled(key.psk)).resolves.toEqual({ value: generated.psk, known: true, secret: true });
    expect(registered[0]?.inputs).toEqual({ ...args, psk: wireSecret(generated.psk), __provider: PROVIDER_TEXT });
  });
});

describe.each([
  ["a preview", true],
  ["an up", false],
])("new IpsecTunnelPsk() in %s under mocks, with tunnel,", (_when, preview) => {
  const FAKE_PSK = "a-fake-psk-of-the-tunnel-resource";
  const { accountId } = args;
  const createdOn = "2026-11-30T07:01:05Z";
  const named = { accountId, ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: createdOn };
  const newTunnel = () =>
    new (class extends pulumi.CustomResource {
      declare readonly name: pulumi.Output<string>;
      declare readonly accountId: pulumi.Output<string>;
      declare readonly createdOn: pulumi.Output<string>;
    })("cloudflare:index/magicWanIpsecTunnel:MagicWanIpsecTunnel", "branch", {
      name: "branch-1",
      accountId,
      createdOn,
      psk: pulumi.secret(FAKE_PSK),
    });
  const inputsOf = (resource: string) =>
    registered.find(({ name }) => name === resource)?.inputs as Readonly<Record<string, unknown>>;

  beforeEach(() => underMocks(preview, { ...generated, psk: undefined }));

  it.each<[string, (tunnel: ReturnType<typeof newTunnel>) => IpsecTunnelPskArgs["tunnel"]]>([
    ["a resource", (tunnel) => tunnel],
    ["a resource inside an output", (tunnel) => pulumi.output(tunnel)],
    ["plain properties", () => ({ name: "branch-1", accountId, createdOn })],
  ])("registers what names %s, and neither the tunnel nor anything else of it", async (_what, argument) => {
    const tunnel = argument(newTunnel());

    await settled(new IpsecTunnelPsk("key", { ...(tunnel && { tunnel }) }).urn);

    expect(inputsOf("key")).toEqual({ ...named, __provider: PROVIDER_TEXT });
    expect(JSON.stringify(inputsOf("branch"))).toContain(FAKE_PSK);
    expect(JSON.stringify(inputsOf("key"))).not.toContain(FAKE_PSK);
  });

  it("registers the account of the tunnel beside another one, so that the check can compare them", async () => {
    const other = "f".repeat(32);

    await settled(new IpsecTunnelPsk("key", { tunnel: newTunnel(), accountId: other }).urn);

    expect(inputsOf("key")).toMatchObject({ ...named, accountId: other, __accountIdOfTunnel: accountId });
  });

  it("refuses another name of the tunnel beside it, and registers nothing", () => {
    const tunnel = { name: "branch-1", accountId };
    const failure = failureOf(() => new IpsecTunnelPsk("key", { tunnel, ipsecTunnelId: TUNNEL }));

    expect(failure.message).toContain("tunnel and ipsecTunnelId name one tunnel twice");
    expect(registered).toEqual([]);
  });
});

describe("nextRotationOn of an IpsecTunnelPsk", () => {
  const lastGeneratedOn = "2026-03-01T23:59:59.999999Z";
  const nextRotationOf = async (changes: object) =>
    (await settled(new IpsecTunnelPsk("branch-1", { ...args, ...changes }).nextRotationOn)).value;

  beforeEach(() => underMocks(false, { ...generated, lastGeneratedOn }));

  it("is the UTC date from which on the key is due", async () => {
    expect(await nextRotationOf({ rotateAfterDays: 90 })).toBe("2026-05-30");
  });

  it("is earlier by the days of the tunnel", async () => {
    const days = spreadDays(TUNNEL, 14);

    expect(days).toBeGreaterThan(0);
    expect(await nextRotationOf({ rotateAfterDays: 90, rotateSpreadDays: 14 })).toBe(
      new Date(Date.UTC(2026, 4, 30 - days)).toISOString().slice(0, 10),
    );
  });

  // A changed number of days that is not due yet plans nothing, so outputs stay old.
  it("depends on the argument, not on an output", async () => {
    await underMocks(false, { ...generated, lastGeneratedOn, rotateAfterDays: 90 });

    expect(await nextRotationOf({ rotateAfterDays: pulumi.output(1) })).toBe("2026-03-02");
  });

  it("is `undefined` without rotateAfterDays", async () => {
    expect(await nextRotationOf({})).toBeUndefined();
  });

  it("is `undefined` if the key's timestamp is unknown", async () => {
    await underMocks(false, generated);

    expect(await nextRotationOf({ rotateAfterDays: 90 })).toBeUndefined();
  });
});

describe("new IpsecTunnelPsk() with conduitId", () => {
  const identitiesOf = async (key: IpsecTunnelPsk) =>
    (await Promise.all([key.fqdnId, key.userFqdnId, key.keyId].map(settled))).map(({ value }) => value);

  it("derives the IKE identities from it if Cloudflare sends no ipsec_id", async () => {
    await underMocks(false, { psk: generated.psk });

    const key = new IpsecTunnelPsk("branch-1", { ...args, conduitId: "33145236" });

    expect(await identitiesOf(key)).toEqual([FQDN, `ipsec@${FQDN}`, `33145236_${TUNNEL}`]);
  });

  it("prefers Cloudflare's ipsec_id if there is one", async () => {
    await underMocks(false);

    const key = new IpsecTunnelPsk("branch-1", { ...args, conduitId: "1" });

    expect((await identitiesOf(key))[0]).toBe(FQDN);
  });
});

describe("new IpsecTunnelPsk() with options that read or import", () => {
  beforeEach(() => underMocks(false));

  it.each([{ id: "fake-id" }, { import: "fake-id" }])("refuses %j, and registers nothing", (opts) => {
    const failure = failureOf(() => new IpsecTunnelPsk("branch-1", args, opts));

    expect(failure.code).toBe("ERR_INVALID_INPUT");
    expect(failure.message).toContain('Cannot read or import IpsecTunnelPsk "branch-1"');
    expect(failure.message).toContain("create the resource with existingKey");
    expect(registered).toEqual([]);
  });
});

describe("new IpsecTunnelPsk() with a provider", () => {
  beforeEach(() => underMocks(false));

  it("uses a Provider of this package", async () => {
    const provider = new Provider("emea", {});

    await settled(new IpsecTunnelPsk("branch-1", args, { provider }).urn);

    const [, resource] = registered;
    expect(resource).toMatchObject({ name: "branch-1", provider: expect.stringContaining("::emea::") as string });
  });

  it("refuses another package's provider, which Pulumi would ignore silently", async () => {
    class OtherProvider extends pulumi.ProviderResource {}
    const provider = new OtherProvider("cloudflare", "another");

    expect(failureOf(() => new IpsecTunnelPsk("branch-1", args, { provider })).code).toBe("ERR_WRONG_PROVIDER");

    await settled(provider.urn);
    expect(registered.map(({ name }) => name)).toEqual(["another"]);
  });
});

describe("new IpsecTunnelPsk() with a key that is not verified", () => {
  let warn: jest.SpyInstance;

  beforeEach(() => {
    warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  });
  afterEach(() => {
    warn.mockRestore();
  });

  const warningsOf = async (preview: boolean, status: string) => {
    await underMocks(preview, { ...generated, status });
    const key = new IpsecTunnelPsk("branch-1", args);
    await settled(key.status);
    await pulumi.runtime.disconnect();
    return (warn.mock.calls as [string, unknown][]).map(([text, resource]) => [text, resource === key]);
  };

  it("warns under the resource, and says how to verify the key", async () => {
    expect(await warningsOf(false, "unverified")).toEqual([
      [
        "This key has not been verified yet: no read has shown that it is the active one. Run `pulumi refresh` to verify it.",
        true,
      ],
    ]);
  });

  it("does not warn in a preview, which has an old status", async () => {
    expect(await warningsOf(true, "unverified")).toEqual([]);
  });

  it.each(["active", "superseded", "lost"])("does not warn of a key that is %s", async (status) => {
    expect(await warningsOf(false, status)).toEqual([]);
  });
});

describe("new IpsecTunnelPsk() with customTimeouts", () => {
  let warn: jest.SpyInstance;

  beforeEach(() => {
    warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  });
  afterEach(() => {
    warn.mockRestore();
  });

  it.each([true, false])(
    "warns under the resource, and names the setting to use instead (preview: %s)",
    async (preview) => {
      await underMocks(preview);

      const key = new IpsecTunnelPsk("branch-1", args, { customTimeouts: { create: "10m" } });
      await settled(key.urn);

      expect(warn.mock.calls).toEqual([
        [
          "customTimeouts has no effect: Pulumi does not pass it to this resource. Set cloudflare-ipsec-psk:operationTimeoutMs in the stack's configuration, or operationTimeoutMs of a Provider.",
          key,
        ],
      ]);
    },
  );

  it("does not warn of other options", async () => {
    await underMocks(false);

    await settled(new IpsecTunnelPsk("branch-1", args, { protect: true }).urn);

    expect(warn).not.toHaveBeenCalled();
  });
});

describe("new IpsecTunnelPsk() if Cloudflare sends no ipsec_id", () => {
  beforeEach(() => underMocks(false, { psk: generated.psk }));

  it("has no IKE identities", async () => {
    const key = new IpsecTunnelPsk("branch-1", args);

    const identities = await Promise.all([key.fqdnId, key.userFqdnId, key.keyId].map(settled));

    expect(identities.map(({ value, known }) => [value, known])).toEqual(Array(3).fill([undefined, true]));
  });
});

describe("new IpsecTunnelPsk() in a preview, before there is a key", () => {
  beforeEach(() => underMocks(true, {}));

  it("has the key as an unknown secret", async () => {
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

  it("accepts an instance", () => {
    expect(IpsecTunnelPsk.isInstance(new IpsecTunnelPsk("branch-1", args))).toBe(true);
  });

  it("accepts an instance of another copy of this package", () => {
    jest.isolateModules(() => {
      const copy = jest.requireActual<typeof Copy>("../../src/program/ipsec-tunnel-psk");
      const key = Object.create(copy.IpsecTunnelPsk.prototype, { __pulumiType: { value: TOKEN } }) as unknown;

      expect([key instanceof IpsecTunnelPsk, IpsecTunnelPsk.isInstance(key)]).toEqual([false, true]);
    });
  });

  it.each([[undefined], [null], ["text"], [{}]])("rejects %p", (value) => {
    expect(IpsecTunnelPsk.isInstance(value)).toBe(false);
  });

  it("rejects a resource of another type", () => {
    expect(IpsecTunnelPsk.isInstance(new pulumi.ComponentResource("fake:index:Component", "another"))).toBe(false);
  });
});
