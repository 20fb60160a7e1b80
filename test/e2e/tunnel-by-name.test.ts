import { MagicWanIpsecTunnel, type MagicWanIpsecTunnelArgs } from "@pulumi/cloudflare";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../src";
import { CLOUDFLARE_PLUGIN } from "../support/cloudflare-plugin";
import { closeWithoutLeaks, type Kind, KINDS, startEngine, type TestEngine } from "../support/engine";

const ENDPOINT = "203.0.113.1";

describe.each(KINDS)("with the $kind provider, a key whose tunnel is given by its name", (kind) => {
  let engine: TestEngine;

  beforeEach(async () => {
    engine = await startEngine({ kind, plugins: { cloudflare: CLOUDFLARE_PLUGIN }, internal: { lagWaitMs: 10 } });
    const { apiToken, url } = engine.simulator;
    await engine.configure({ "cloudflare:apiToken": { value: apiToken, secret: true }, "cloudflare:baseUrl": url });
  });

  afterEach(() => closeWithoutLeaks(engine));

  const operations = () => engine.simulator.requests().map(({ operation }) => operation);
  const generatedFor = () =>
    engine.simulator.requests().flatMap(({ operation, tunnelId }) => (operation === "generate" ? [tunnelId] : []));

  /** Keys of tunnels that no stack has, each under the name of its resource. */
  function keys(all: Readonly<Record<string, Omit<IpsecTunnelPskArgs, "accountId">>>): PulumiFn {
    return () => {
      const { accountId } = engine.simulator;
      for (const [name, args] of Object.entries(all)) new kind.Key(name, { accountId, ...args });
      return Promise.resolve();
    };
  }

  async function expectActive(name: string, tunnelId: string): Promise<void> {
    expect(await engine.stored(name)).toMatchObject({ psk: engine.simulator.keyAtEdge(tunnelId), status: "active" });
  }

  describe("that no stack has,", () => {
    const byName = { ipsecTunnelName: "branch-1" };

    it("costs one list more than a key by its ID, and nothing once it is there", async () => {
      const tunnelId = engine.simulator.addTunnel({ name: "branch-1" });

      await engine.up(keys({ key: byName }));
      const created = operations().slice(-3);
      engine.simulator.clearRequests();
      const again = await engine.up(keys({ key: byName }));

      expect(created).toEqual(["list", "generate", "get"]);
      expect(again.steps).toEqual({ same: 2 });
      expect(operations()).toEqual(["list"]);
      await expectActive("key", tunnelId);
    });

    it("plans no step for a move between the ways to name it", async () => {
      const tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
      const createdOn = await createdOnOf(engine, tunnelId);
      const ways = [
        { ipsecTunnelId: tunnelId },
        byName,
        { ...byName, ipsecTunnelCreatedOn: createdOn },
        { ...byName, ipsecTunnelCreatedOn: createdOn.replace(/\.\d+/, "") },
        { ipsecTunnelId: tunnelId },
      ];
      const steps: unknown[] = [];

      for (const way of ways) steps.push((await engine.up(keys({ key: way }))).steps);
      // A refresh compares the old arguments first.
      for (const way of ways.slice(0, 2).reverse())
        steps.push((await engine.up(keys({ key: way }), { refresh: true })).steps);

      expect(steps).toEqual([{ create: 2 }, ...[...ways, "refreshed"].map(() => ({ same: 2 }))]);
      expect(generatedFor()).toEqual([tunnelId]);
    });

    it("follows the name to a tunnel that was created again, in a plain `up`", async () => {
      engine.simulator.removeTunnel(engine.simulator.addTunnel({ name: "another" }));
      const first = engine.simulator.addTunnel({ name: "branch-1" });
      await engine.up(keys({ key: byName }));
      engine.simulator.removeTunnel(first);
      const second = engine.simulator.addTunnel({ name: "branch-1" });

      const up = await engine.up(keys({ key: byName }));

      expect(up.steps).toEqual({ same: 1, replace: 1 });
      await expectActive("key", second);
    });

    it("follows the name beside a changed trigger, and generates no key for the tunnel that it had", async () => {
      const first = engine.simulator.addTunnel({ name: "branch-1" });
      await engine.up(keys({ key: byName }));
      engine.simulator.removeTunnel(first);
      const second = engine.simulator.addTunnel({ name: "branch-1" });

      const up = await engine.up(keys({ key: { ...byName, rotationTriggers: { quarter: "2026-Q4" } } }));

      expect(up.steps).toEqual({ same: 1, replace: 1 });
      expect(generatedFor()).toEqual([first, second]);
      await expectActive("key", second);
    });

    it("belongs to the resource that names it now, after one by its ID that `up --refresh` removes", async () => {
      const ipsecTunnelId = engine.simulator.addTunnel({ name: "branch-1" });
      await engine.up(keys({ former: { ipsecTunnelId } }));

      const up = await engine.up(keys({ key: byName }), { refresh: true });

      expect(up.steps).toEqual({ same: 1, create: 1, delete: 1 });
      await expectActive("key", ipsecTunnelId);
    });

    it("is refused in `up` after a preview that says what is missing", async () => {
      engine.simulator.addTunnel({ name: "brunch-1" });

      const preview = await engine.preview(keys({ key: byName }));
      const up = await engine.up(keys({ key: byName }));

      expect(preview.succeeded).toBe(true);
      expect(preview.text).toContain('Not validated: the account has no tunnel "branch-1" yet');
      expect(up.succeeded).toBe(false);
      expect(up.text).toContain('Cannot find IPsec tunnel "branch-1" in account');
      expect(up.text).toContain('it has "brunch-1" (ERR_TUNNEL_NOT_FOUND)');
      expect(generatedFor()).toEqual([]);
    });

    it("is refused beside a key by its ID, in the preview and before the second one generates", async () => {
      const tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
      const both = keys({ first: { ipsecTunnelId: tunnelId }, second: byName });

      const preview = await engine.preview(both);
      const up = await engine.up(both);

      expect([preview.succeeded, up.succeeded]).toEqual([false, false]);
      for (const { text } of [preview, up]) expect(text).toContain(`Cannot manage the key of IPsec tunnel ${tunnelId}`);
      expect(generatedFor().length).toBeLessThanOrEqual(1);
    });

    it("supports triggers, age, someone else's rotation, psk and conduitId like a key by its ID", async () => {
      const tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
      const rotations = { ...byName, rotationTriggers: { quarter: "Q1" }, rotateAfterDays: 90, conduitId: "33145236" };
      const psk = "a-fake-key-that-the-program-gives";
      const results: boolean[] = [];
      const up = async (args: Omit<IpsecTunnelPskArgs, "accountId">) => {
        results.push((await engine.up(keys({ key: args }))).succeeded);
        await expectActive("key", tunnelId);
      };

      await up(rotations);
      await up({ ...rotations, rotationTriggers: { quarter: "Q2" } });
      engine.simulator.rotate(tunnelId);
      await up({ ...rotations, rotationTriggers: { quarter: "Q2" } });
      engine.setClock(91 * 86_400_000);
      await up({ ...rotations, rotationTriggers: { quarter: "Q2" } });
      await up({ ...rotations, rotationTriggers: { quarter: "Q2" }, psk });

      expect(results).toEqual(results.map(() => true));
      expect(operations().filter((operation) => operation === "generate")).toHaveLength(4);
      expect(engine.simulator.keyAtEdge(tunnelId)).toBe(psk);
    });

    it("takes over the existing key of the tunnel", async () => {
      const tunnelId = engine.simulator.addTunnel({ name: "branch-1", psk: "a-fake-key-of-the-tunnel" });
      const existingKey = {
        psk: "a-fake-key-of-the-tunnel",
        lastGeneratedOn: engine.simulator.generatedOn(tunnelId) ?? "",
      };

      const preview = await engine.preview(keys({ key: { ...byName, existingKey } }));
      const up = await engine.up(keys({ key: { ...byName, existingKey } }));

      expect([preview.succeeded, up.succeeded]).toEqual([true, true]);
      await expectActive("key", tunnelId);
      expect(generatedFor()).toEqual([]);
    });
  });

  it("is refused by the account's ID, in the preview and in `up`, before any request", async () => {
    const { accountId } = engine.simulator;
    const wrong = keys({ first: { ipsecTunnelId: accountId }, second: { ipsecTunnelId: accountId.toUpperCase() } });

    const preview = await engine.preview(wrong);
    const up = await engine.up(wrong);

    for (const { succeeded, text } of [preview, up]) {
      expect(succeeded).toBe(false);
      expect(text).toContain(
        "is the ID of the account, because @pulumi/cloudflare sets the id of a MagicWanIpsecTunnel to it",
      );
      expect(text).not.toContain("already belongs to");
    }
    expect(operations()).toEqual([]);
  });

  describe("beside Cloudflare's own resource,", () => {
    interface Wanted {
      readonly tunnel?: Partial<MagicWanIpsecTunnelArgs>;
      readonly options?: CustomResourceOptions;
      readonly count?: number;
    }

    /** Tunnels with their keys, and the configurations of their routers. */
    function branches({ tunnel: args = {}, options, count = 1 }: Wanted = {}): PulumiFn {
      return () => {
        const { accountId } = engine.simulator;
        for (let index = 1; index <= count; index++) {
          const addresses = { cloudflareEndpoint: ENDPOINT, interfaceAddress: "10.213.0.8/31" };
          const name = `branch-${index}`;
          const tunnel = new MagicWanIpsecTunnel(name, { accountId, name, ...addresses, ...args }, options);
          const { psk, fqdnId } = new kind.Key(`key-${index}`, namedBy(kind, tunnel));
          kind.render(`router-${index}`, "strongswan", { name, psk, fqdnId, cloudflareEndpoint: ENDPOINT });
        }
        return Promise.resolve();
      };
    }

    const resources = kind.kind === "native" ? 3 : 2;

    it("is there with it in one `up`, stays through its updates, follows a replacement, and goes with it", async () => {
      const preview = await engine.preview(branches());
      const up = await engine.up(branches());
      const again = await engine.up(branches());
      const updated = { tunnel: { name: "paris", description: "renamed" } };
      const previewOfUpdate = await engine.preview(branches(updated));
      const update = await engine.up(branches(updated));
      const options = { replaceOnChanges: ["cloudflareEndpoint"], deleteBeforeReplace: true };
      const replaced = { tunnel: { ...updated.tunnel, cloudflareEndpoint: "203.0.113.2" }, options };
      const replacement = await engine.up(branches(replaced));
      const settled = await engine.up(branches(replaced));
      const [first, second] = generatedFor();
      await expectActive("key-1", second ?? "");
      const destroyed = await engine.destroy();

      expect(preview.succeeded).toBe(true);
      expect(preview.text).toMatch(/is known only after up|has no tunnel "branch-1" yet/);
      expect(up.steps).toEqual({ create: resources + 1 });
      expect(again.steps).toEqual({ same: resources + 1 });
      expect([previewOfUpdate.steps, update.steps]).toEqual(
        Array.from({ length: 2 }, () => ({ same: resources, update: 1 })),
      );
      expect(replacement.steps.replace).toBeGreaterThanOrEqual(2);
      expect(settled.steps).toEqual({ same: resources + 1 });
      expect(generatedFor()).toHaveLength(2);
      expect(first).not.toBe(second);
      expect(destroyed.succeeded).toBe(true);
    });

    it("follows a tunnel that was deleted elsewhere, with --refresh", async () => {
      await engine.up(branches());
      engine.simulator.removeTunnel(generatedFor()[0] ?? "");

      const up = await engine.up(branches(), { refresh: true });

      expect(up.succeeded).toBe(true);
      expect(generatedFor()).toHaveLength(2);
      await expectActive("key-1", generatedFor()[1] ?? "");
    });

    it("is there with each of 20 in one `up`, which shares the lists", async () => {
      const up = await engine.up(branches({ count: 20 }));

      expect(up.steps).toEqual({ create: 20 * resources + 1 });
      expect(new Set(generatedFor()).size).toBe(20);
      expect(operations().filter((operation) => operation === "list").length).toBeLessThanOrEqual(40);
    });
  });
});

/** Names a tunnel as each kind's users do. */
function namedBy({ kind }: Kind, tunnel: MagicWanIpsecTunnel): IpsecTunnelPskArgs {
  if (kind === "dynamic") return { tunnel };
  const { accountId, name, createdOn } = tunnel;
  return { accountId, ipsecTunnelName: name, ipsecTunnelCreatedOn: createdOn };
}

async function createdOnOf({ simulator }: TestEngine, tunnelId: string): Promise<string> {
  const { url, accountId, apiToken } = simulator;
  const headers = { authorization: `Bearer ${apiToken}` };
  const response = await fetch(`${url}/accounts/${accountId}/magic/ipsec_tunnels/${tunnelId}`, { headers });
  const { result } = (await response.json()) as { readonly result: { readonly ipsec_tunnel: { created_on: string } } };
  return result.ipsec_tunnel.created_on;
}
