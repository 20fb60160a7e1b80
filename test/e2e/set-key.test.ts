import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../src";
import { closeWithoutLeaks, KINDS, startEngine, type TestEngine } from "../support/engine";

const PSK = "fakekeyoftheprogram1fortestsonly";
const ANOTHER = "fakekeyoftheprogram2fortestsonly";
const REFUSED = "0fakekeythatawsrefuses";

describe.each(KINDS)("with the $kind provider:", (kind) => {
  const { Key } = kind;

  let engine: TestEngine;
  let tunnelId: string;

  afterEach(() => closeWithoutLeaks(engine, [PSK, ANOTHER, REFUSED]));

  type Args = Partial<IpsecTunnelPskArgs>;

  async function start(options: Parameters<typeof startEngine>[0] = {}): Promise<void> {
    engine = await startEngine({
      kind,
      config: { "cloudflare-ipsec-psk:lostResponseWaitMs": "10" },
      internal: { lagWaitMs: 10, backoffMs: 10 },
      ...options,
    });
    tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
  }

  function keys(...keysOfTunnels: readonly (Args & { readonly ipsecTunnelId?: string })[]): PulumiFn {
    return () => {
      const { accountId } = engine.simulator;
      const made = keysOfTunnels.map(
        (args, index) => new Key(`key-${index + 1}`, { accountId, ipsecTunnelId: tunnelId, ...args }),
      );
      return Promise.resolve({
        psks: pulumi.all(made.map(({ psk }) => psk)),
        statuses: made.map(({ status }) => status),
      });
    };
  }

  const sets = () => engine.simulator.requests().filter(({ operation }) => operation === "set");
  const changes = () =>
    engine.simulator
      .requests()
      .filter(({ tookEffect }) => tookEffect)
      .map(({ operation }) => operation);
  const stored = () => engine.stored("key-1");

  describe("IpsecTunnelPsk with psk", () => {
    it("lives as a generated key does: preview, up, nothing to do, change, drift, removal, addition", async () => {
      await start();
      const { simulator } = engine;

      const preview = await engine.preview(keys({ psk: PSK }));
      expect(preview.text).toContain("The key that the program gives will be set, active immediately");
      expect(preview.text).toContain("Cloudflare would accept this (validate_only: nothing was persisted).");
      expect(simulator.keyAtEdge(tunnelId)).toBeUndefined();

      const up = await engine.up(keys({ psk: PSK }));
      expect(up.outputs.psks).toEqual({ value: [PSK], secret: true });
      expect(up.outputs.statuses?.value).toEqual(["active"]);
      expect(simulator.keyAtEdge(tunnelId)).toBe(PSK);
      expect(await stored()).toEqual({ psk: PSK, status: "active" });

      simulator.clearRequests();
      const same = await engine.up(keys({ psk: PSK }));
      expect(same.steps).toEqual({ same: 2 });
      expect(changes()).toEqual([]);

      const changing = await engine.preview(keys({ psk: ANOTHER }));
      expect(changing.text).toContain("The key that the program gives will be set, active immediately: psk changed.");
      await engine.up(keys({ psk: ANOTHER }));
      expect(simulator.keyAtEdge(tunnelId)).toBe(ANOTHER);
      expect(await stored()).toEqual({ psk: ANOTHER, status: "active" });

      simulator.rotate(tunnelId);
      const drifted = await engine.preview(keys({ psk: ANOTHER }));
      expect(drifted.text).toContain("will be set, active immediately: someone else rotated the key at");
      await engine.up(keys({ psk: ANOTHER }));
      expect(simulator.keyAtEdge(tunnelId)).toBe(ANOTHER);

      simulator.clearRequests();
      const removing = await engine.preview(keys({}));
      expect(removing.text).toContain(
        "A new key will be generated, active immediately: psk was removed from the program.",
      );
      await engine.up(keys({}));
      const generated = simulator.keyAtEdge(tunnelId);
      expect(changes()).toEqual(["generate"]);
      expect(await stored()).toEqual({ psk: generated, status: "active" });

      const adding = await engine.preview(keys({ psk: PSK }));
      expect(adding.text).toContain("the program now gives psk, which is not the key in the state");
      await engine.up(keys({ psk: PSK }));
      expect(changes()).toEqual(["generate", "set"]);
      expect(await stored()).toEqual({ psk: PSK, status: "active" });
    });

    it("sets the same key again after lost responses, and says so", async () => {
      await start();
      engine.simulator.fault({ kind: "reset", effect: true }, { operations: ["set"], times: 2 });

      const up = await engine.up(keys({ psk: PSK, validateInPreview: false }));

      expect(up.succeeded).toBe(true);
      expect(up.text).toContain("setting the same key again");
      expect(sets()).toHaveLength(3);
      expect(await stored()).toEqual({ psk: PSK, status: "active" });
    });

    it("marks the old key if the outcome of a change stays unknown; the next up sets a key even if the program is reverted", async () => {
      await start();
      await engine.up(keys({ psk: PSK }));
      const stop = engine.simulator.fault({ kind: "reset", effect: true }, { operations: ["set"], times: Infinity });

      const failed = await engine.up(keys({ psk: ANOTHER, validateInPreview: false }));
      expect(failed.succeeded).toBe(false);
      expect(failed.text).toContain("it sets the same key again");
      expect(await stored()).toEqual({ psk: PSK, status: "lost" });
      expect(engine.simulator.keyAtEdge(tunnelId)).toBe(ANOTHER);

      stop();
      const reverted = await engine.up(keys({ psk: PSK }));
      expect(reverted.succeeded).toBe(true);
      expect(engine.simulator.keyAtEdge(tunnelId)).toBe(PSK);
      expect(await stored()).toEqual({ psk: PSK, status: "active" });
    });

    it("gives one key to two tunnels, one request each; claims nothing for the one that was not applied", async () => {
      await start();
      const { simulator } = engine;
      const second = simulator.addTunnel({ name: "branch-2" });
      simulator.fault({ kind: "unapplied", reason: `Not now for ${PSK}` }, { operations: ["set"], tunnelId: second });
      const program = keys({ psk: PSK }, { psk: PSK, ipsecTunnelId: second });

      const failed = await engine.up(program);
      expect(failed.succeeded).toBe(false);
      expect(failed.text).toContain("Cloudflare said: Not now for [secret] (HTTP 200");
      expect(await stored()).toEqual({ psk: PSK, status: "active" });
      expect(await engine.stored("key-2").catch(() => undefined)).toBeUndefined();
      expect(simulator.keyAtEdge(second)).toBeUndefined();

      const up = await engine.up(program);
      expect(up.succeeded).toBe(true);
      expect([tunnelId, second].map((id) => simulator.keyAtEdge(id))).toEqual([PSK, PSK]);
      expect(sets().map((request) => request.tunnelId)).toEqual(expect.arrayContaining([tunnelId, second]) as unknown);
      expect(sets()).toHaveLength(3);
    });

    it("is checked in the preview, before anything is sent", async () => {
      await start();
      const lastGeneratedOn = "2026-11-23T08:15:00.123456Z";

      const refused = await engine.preview(keys({ psk: REFUSED, compatibleWith: ["aws"] }));
      expect(refused.succeeded).toBe(false);
      expect(refused.text).toContain(
        "psk is not compatible with AWS Site-to-Site VPN, which compatibleWith names: it must not start with 0",
      );

      const other = await engine.preview(keys({ psk: PSK, existingKey: { psk: ANOTHER, lastGeneratedOn } }));
      expect(other.succeeded).toBe(false);
      expect(other.text).toContain("existingKey.psk must be the same key as psk");
      expect(engine.simulator.requests()).toEqual([]);
    });

    it("takes over an existing key that is the same, and keeps it", async () => {
      await start();
      const id = engine.simulator.addTunnel({ psk: PSK });
      const lastGeneratedOn = engine.simulator.generatedOn(id) ?? "";
      const args = { psk: PSK, ipsecTunnelId: id };

      const up = await engine.up(keys({ ...args, existingKey: { psk: PSK, lastGeneratedOn } }));
      expect(up.succeeded).toBe(true);
      await engine.up(keys(args));

      expect(changes()).toEqual([]);
      expect(await stored()).toEqual({ psk: PSK, status: "active" });
    });

    it("names the two ways out if the endpoint is missing", async () => {
      await start();
      engine.simulator.fault(
        { kind: "response", status: 405 },
        { operations: ["set", "validateSet"], times: Infinity },
      );

      const up = await engine.up(keys({ psk: PSK }));

      expect(up.succeeded).toBe(false);
      expect(up.text).toContain("ERR_SET_UNSUPPORTED");
      expect(up.text).toContain("Remove psk from the IpsecTunnelPsk");
    });

    it("stays unverified if setting it does not move the timestamp, also after a refresh; drift is still seen", async () => {
      await start({ simulator: { assumptions: { setMovesTimestamp: false } } });
      const { simulator } = engine;
      simulator.rotate(tunnelId);

      const up = await engine.up(keys({ psk: PSK }));
      expect(up.text).toContain("setting it did not move the tunnel's timestamp. No refresh can verify it");
      expect(await stored()).toEqual({ psk: PSK, status: "unverified" });

      await engine.refresh();
      expect(await stored()).toEqual({ psk: PSK, status: "unverified" });
      const same = await engine.up(keys({ psk: PSK }));
      expect(same.steps).toEqual({ same: 2 });
      expect(sets()).toHaveLength(1);

      simulator.rotate(tunnelId);
      await engine.up(keys({ psk: PSK }));
      expect(simulator.keyAtEdge(tunnelId)).toBe(PSK);
      expect(await stored()).toEqual({ psk: PSK, status: "unverified" });
    });
  });
});
