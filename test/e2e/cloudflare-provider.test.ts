import { getMagicWanIpsecTunnelOutput, MagicWanIpsecTunnel, type MagicWanIpsecTunnelArgs } from "@pulumi/cloudflare";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk, type IpsecTunnelPskArgs } from "../../src";
import { CLOUDFLARE_PLUGIN } from "../support/cloudflare-plugin";
import { closeWithoutLeaks, startEngine, type TestEngine } from "../support/engine";

// `npm run test:cloudflare-provider` plays these scenarios with the released plugin of @pulumi/cloudflare.

const OWN_PSK = "a-fake-psk-of-the-tunnel-resource";
const ENDPOINT = "203.0.113.1";

let engine: TestEngine;

beforeEach(async () => {
  engine = await startEngine({ plugins: { cloudflare: CLOUDFLARE_PLUGIN } });
});

afterEach(() => closeWithoutLeaks(engine, [OWN_PSK]));

interface Wanted {
  readonly tunnel?: Partial<MagicWanIpsecTunnelArgs>;
  readonly options?: CustomResourceOptions;
  /** Default: true. */
  readonly hasKey?: boolean;
  readonly key?: Partial<IpsecTunnelPskArgs>;
}

function newTunnel({ tunnel = {}, options }: Wanted): MagicWanIpsecTunnel {
  const { accountId } = engine.simulator;
  const required = { accountId, name: "branch", cloudflareEndpoint: ENDPOINT, interfaceAddress: "10.213.0.8/31" };
  return new MagicWanIpsecTunnel("branch", { ...required, ...tunnel }, options);
}

function branch(wanted: Wanted = {}): PulumiFn {
  return () => {
    const tunnel = newTunnel(wanted);
    if (wanted.hasKey ?? true) new IpsecTunnelPsk("key", { tunnel, ...wanted.key });
    return Promise.resolve({ id: tunnel.id, createdOn: tunnel.createdOn });
  };
}

/** Calls Cloudflare's API as someone else would. */
async function call(method: string, path = ""): Promise<Readonly<Record<string, unknown>>> {
  const { url, accountId, apiToken } = engine.simulator;
  const headers = { authorization: `Bearer ${apiToken}` };
  const response = await fetch(`${url}/accounts/${accountId}/magic/ipsec_tunnels${path}`, { method, headers });
  return ((await response.json()) as { readonly result: Readonly<Record<string, unknown>> }).result;
}

const operations = () => engine.simulator.requests().map(({ operation }) => operation);
const tunnelId = () =>
  engine.simulator.requests().findLast(({ operation }) => operation === "generate")?.tunnelId ?? "";

async function expectActive(): Promise<void> {
  expect(await engine.stored("key")).toEqual({ psk: engine.simulator.keyAtEdge(tunnelId()), status: "active" });
}

/** Returns what Cloudflare shows of the only tunnel; `undefined` if there is none. */
async function shown(): Promise<{ readonly id: string; readonly created_on: string } | undefined> {
  const { ipsec_tunnels: tunnels } = await call("GET");
  return (tunnels as { readonly id: string; readonly created_on: string }[])[0];
}

describe("MagicWanIpsecTunnel of @pulumi/cloudflare", () => {
  it("has the account's ID as its own, and timestamps in whole seconds", async () => {
    const up = await engine.up(branch({ hasKey: false }));

    const { id, created_on: createdOn } = (await shown()) ?? {};
    expect(up.outputs.id?.value).toBe(engine.simulator.accountId);
    expect(up.outputs.id?.value).not.toBe(id);
    expect(up.outputs.createdOn?.value).toBe(createdOn?.replace(/\.\d+/, ""));
  });

  it("has nothing to do in a second `up`, with and without a health check", async () => {
    const healthCheck = { enabled: true, type: "reply", target: { saved: "198.51.100.1" } };
    await engine.up(branch({ hasKey: false }));
    const again = await engine.up(branch({ hasKey: false }));
    const checked = await engine.up(branch({ hasKey: false, tunnel: { healthCheck } }));
    const checkedAgain = await engine.up(branch({ hasKey: false, tunnel: { healthCheck } }));

    expect([again, checked, checkedAgain].map(({ steps }) => steps.update ?? 0)).toEqual([0, 1, 0]);
  });

  it("has nothing to do in `up --refresh`", async () => {
    await engine.up(branch({ hasKey: false }));

    const again = await engine.up(branch({ hasKey: false }), { refresh: true });

    expect(again.steps).toEqual({ same: 2 });
  });

  it("knows in the preview of an update what the program gives, and nothing that Cloudflare computes", async () => {
    const known: (string | undefined)[] = [];
    const renamed = { tunnel: { name: "paris", customerEndpoint: "198.51.100.1" }, hasKey: false };
    const observed: PulumiFn = () => {
      const { name, customerEndpoint, createdOn } = newTunnel(renamed);
      for (const output of [name, customerEndpoint, createdOn]) output.apply((value) => known.push(value));
      return Promise.resolve();
    };
    await engine.up(branch({ hasKey: false }));

    await engine.preview(observed);

    expect(known.sort()).toEqual(["198.51.100.1", "paris"]);
  });

  it("sends its psk in each update, and null when it is removed from the program", async () => {
    await engine.up(branch({ hasKey: false, tunnel: { psk: OWN_PSK } }));
    const { id = "" } = (await shown()) ?? {};
    await call("POST", `/${id}/psk_generate`);

    await engine.up(branch({ hasKey: false, tunnel: { psk: OWN_PSK, cloudflareEndpoint: "203.0.113.2" } }));
    const updated = engine.simulator.keyAtEdge(id);
    await engine.up(branch({ hasKey: false, tunnel: { cloudflareEndpoint: "203.0.113.2" } }));

    expect(updated).toBe(OWN_PSK);
    expect(engine.simulator.keyAtEdge(id)).toBeUndefined();
  });

  it("is created again after it was deleted elsewhere, and is destroyed", async () => {
    await engine.up(branch({ hasKey: false }));
    await call("DELETE", `/${(await shown())?.id ?? ""}`);

    const again = await engine.up(branch({ hasKey: false }), { refresh: true });
    const destroyed = await engine.destroy();

    expect(again.steps.create).toBe(1);
    expect(destroyed.succeeded).toBe(true);
    expect(await shown()).toBeUndefined();
  });
});

describe("a key beside MagicWanIpsecTunnel", () => {
  it("is generated in the same `up`, after a clean preview, and a second `up` has nothing to do", async () => {
    const preview = await engine.preview(branch());
    const up = await engine.up(branch());
    const again = await engine.up(branch());

    expect(preview.succeeded).toBe(true);
    expect(up.steps).toMatchObject({ create: 3 });
    expect(again.steps).toEqual({ same: 3 });
    await expectActive();
  });

  it("stays through a rename and another update of the tunnel, whose previews promise no new key", async () => {
    await engine.up(branch());
    engine.simulator.clearRequests();

    const renamed = { name: "paris", description: "renamed" };
    const preview = await engine.preview(branch({ tunnel: renamed }));
    const up = await engine.up(branch({ tunnel: renamed }));

    expect(preview.steps.replace).toBeUndefined();
    expect(up.steps).toEqual({ same: 2, update: 1 });
    expect(operations()).toContain("update");
    expect(operations()).not.toContain("generate");
  });

  it.each<[string, boolean, Partial<MagicWanIpsecTunnelArgs>]>([
    ["deleted first", true, {}],
    ["created first, under another name", false, { name: "paris" }],
  ])("is generated for the new tunnel if the tunnel is replaced, %s", async (_how, deleteBeforeReplace, other) => {
    const options = { replaceOnChanges: ["cloudflareEndpoint"], deleteBeforeReplace };
    await engine.up(branch({ options }));
    const before = tunnelId();

    const up = await engine.up(branch({ options, tunnel: { cloudflareEndpoint: "203.0.113.2", ...other } }));

    expect(up.succeeded).toBe(true);
    expect(tunnelId()).not.toBe(before);
    await expectActive();
  });

  it("replaces the tunnel's own psk, which is removed in the same `up` as a trigger changes", async () => {
    await engine.up(branch({ tunnel: { psk: OWN_PSK }, key: { rotationTriggers: { quarter: "Q3" } } }));

    const up = await engine.up(branch({ key: { rotationTriggers: { quarter: "Q4" } } }));

    expect(up.steps).toEqual({ same: 1, update: 2 });
    expect(await engine.stored("key")).not.toMatchObject({ psk: OWN_PSK });
    await expectActive();
  });

  it("goes with its tunnel in a destroy", async () => {
    await engine.up(branch());

    const destroyed = await engine.destroy();

    expect(destroyed.succeeded).toBe(true);
    expect(await shown()).toBeUndefined();
  });
});

describe("getMagicWanIpsecTunnel of @pulumi/cloudflare", () => {
  it("gives what Cloudflare has of a tunnel, with its own ID, and without a `bgp` if there is none", async () => {
    const { simulator } = engine;
    const ipsecTunnelId = simulator.addTunnel({ name: "existing", fields: { customer_endpoint: "198.51.100.1" } });

    const up = await engine.up(() => {
      const { accountId } = simulator;
      return Promise.resolve({ existing: getMagicWanIpsecTunnelOutput({ accountId, ipsecTunnelId }).ipsecTunnel });
    });

    const existing = up.outputs.existing?.value as Readonly<Record<string, unknown>>;
    expect(existing).toMatchObject({ id: ipsecTunnelId, name: "existing", customerEndpoint: "198.51.100.1" });
    expect(existing.createdOn).toMatch(/:\d\dZ$/);
    expect(existing.bgp ?? undefined).toBeUndefined();
  });
});
