import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../src";
import { readPage } from "../docs/markdown";
import {
  closeWithoutLeaks,
  isOwnLeakOfPulumi,
  type Kind,
  KINDS,
  startEngine,
  type TestEngine,
} from "../support/engine";
import { findLeaks } from "../support/leaks";

/** Where the kinds differ, and why. */
const DIFFERENCES = {
  dynamic: {
    // Pulumi's dynamic provider takes no part in previews: a hook of the program fails instead.
    refusal: /IpsecTunnelPsk \(key-001\):\n {4}error: Preview failed: before hook/,
  },
  native: {
    refusal: /IpsecTunnelPsk \(key-001\):\n {4}error: Preview failed: Cannot generate a key for IPsec tunnel/,
  },
};

describe.each(KINDS)("with the $kind provider:", (kind) => {
  const { Key } = kind;
  const expected = DIFFERENCES[kind.kind];

  let engine: TestEngine;
  let tunnelId: string;

  beforeEach(async () => {
    engine = await startEngine({ kind });
    tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
  });

  afterEach(() => closeWithoutLeaks(engine));

  function key(args: Partial<IpsecTunnelPskArgs> = {}): PulumiFn {
    return () => {
      const { psk, fqdnId, status } = new Key("key-001", {
        accountId: engine.simulator.accountId,
        ipsecTunnelId: tunnelId,
        ...args,
      });
      return Promise.resolve({ psk, fqdnId, status });
    };
  }

  const quarter = (value: string) => key({ rotationTriggers: { quarter: value } });

  describe("IpsecTunnelPsk on the engine", () => {
    it("is validated by a preview, which persists nothing and says why a key will be generated", async () => {
      const preview = await engine.preview(key());

      expect(preview.succeeded).toBe(true);
      expect(preview.text).toContain(
        `A new key will be generated, active immediately: the resource of tunnel ${tunnelId} is new or is being replaced.`,
      );
      expect(preview.text).toContain("Cloudflare would accept this (validate_only: nothing was persisted).");
      expect(engine.simulator.requests().map(({ operation }) => operation)).toEqual(["list", "validate", "list"]);
      expect(engine.simulator.keyAtEdge(tunnelId)).toBeUndefined();
    });

    it("gets its key from up, and keeps it as a secret", async () => {
      const up = await engine.up(key());

      expect(up.outputs.psk).toEqual({ value: engine.simulator.keyAtEdge(tunnelId), secret: true });
      expect(up.outputs.status?.value).toBe("active");
      expect(up.outputs.fqdnId?.value).toBe(`${tunnelId}.33145236.ipsec.cloudflare.com`);
      expect(up.text).toMatch(/psk *: \[secret\]/);
    });

    it("takes IDs in upper case, keeps them as Cloudflare writes them, and plans nothing when only their case changes", async () => {
      const { simulator } = engine;
      const inUpperCase: PulumiFn = () => {
        const [accountId, ipsecTunnelId] = [simulator.accountId.toUpperCase(), tunnelId.toUpperCase()];
        const made = new Key("key-001", { accountId, ipsecTunnelId, conduitId: "33145236" });
        return Promise.resolve({
          psk: made.psk,
          account: made.accountId,
          tunnel: made.ipsecTunnelId,
          fqdn: made.fqdnId,
        });
      };
      simulator.fault({ kind: "altered", change: "withoutIpsecId" }, { operations: ["generate"] });

      const { outputs } = await engine.up(inUpperCase);
      const refresh = await engine.refresh();
      const again = await engine.up(key({ conduitId: "33145236" }));

      expect(outputs.psk?.value).toBe(simulator.keyAtEdge(tunnelId));
      expect([outputs.account?.value, outputs.tunnel?.value]).toEqual([simulator.accountId, tunnelId]);
      expect(outputs.fqdn?.value).toBe(`${tunnelId}.33145236.ipsec.cloudflare.com`);
      expect(refresh.steps).toEqual({ same: 2 });
      expect(again.steps).toEqual({ same: 2 });
      expect(await engine.stored("key-001")).toEqual({ psk: simulator.keyAtEdge(tunnelId), status: "active" });
    });

    it("plans nothing when nothing changed, and sends one list, in which it looks for drift", async () => {
      await engine.up(quarter("2026-Q3"));
      engine.simulator.clearRequests();

      const again = await engine.up(quarter("2026-Q3"));

      expect(again.steps).toEqual({ same: 2 });
      expect(engine.simulator.requests().map(({ operation }) => operation)).toEqual(["list"]);
    });

    it("plans nothing when only validateInPreview changes", async () => {
      await engine.up(key());

      const again = await engine.up(key({ validateInPreview: false }));

      expect(again.steps).toEqual({ same: 2 });
    });

    it("announces a rotation in the preview, and generates a new key in place for a changed trigger", async () => {
      const before = await engine.up(quarter("2026-Q3"));

      const preview = await engine.preview(quarter("2026-Q4"));
      const after = await engine.up(quarter("2026-Q4"));

      for (const line of linesOfReadme(kind)) expect(preview.text).toContain(line);
      expect(after.steps).toEqual({ same: 1, update: 1 });
      expect(after.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(tunnelId));
      expect(after.outputs.psk?.value).not.toBe(before.outputs.psk?.value);
    });

    it("is replaced when the tunnel changes: the new tunnel gets a key, the old one keeps its own", async () => {
      await engine.up(key());
      const oldTunnelId = tunnelId;
      const oldKey = engine.simulator.keyAtEdge(oldTunnelId);
      tunnelId = engine.simulator.addTunnel({ name: "branch-2" });

      const up = await engine.up(key());

      expect(up.steps).toEqual({ replace: 1, same: 1 });
      expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(tunnelId));
      expect(engine.simulator.keyAtEdge(oldTunnelId)).toBe(oldKey);
    });

    it("fails the preview under its own name when Cloudflare refuses", async () => {
      tunnelId = "0".repeat(32);

      const preview = await engine.preview(key());

      expect(preview.succeeded).toBe(false);
      expect(preview.text).toMatch(expected.refusal);
      expect(preview.text).toContain("the account has no such tunnel (ERR_TUNNEL_NOT_FOUND)");
      expect(preview.text).toContain("1032 IPsec tunnel not found (HTTP 404, Ray ID");
    });

    it("refuses bad input before anything is sent", async () => {
      const preview = await engine.preview(key({ ipsecTunnelId: "branch-1" }));

      expect(preview.succeeded).toBe(false);
      expect(preview.text).toContain("must be the ID of an IPsec tunnel: 32 hexadecimal characters");
      expect(engine.simulator.requests()).toEqual([]);
    });

    it("keeps the key in a refresh", async () => {
      const up = await engine.up(key());

      const refresh = await engine.refresh();

      expect(refresh.steps).toEqual({ same: 2 });
      expect(await engine.exportWithSecrets()).toContain(up.outputs.psk?.value as string);
    });

    it("is removed from the state by a refresh if the tunnel is gone, and created again by the next up", async () => {
      await engine.up(key());
      engine.simulator.removeTunnel(tunnelId);

      const refresh = await engine.refresh();
      tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
      const up = await engine.up(key());

      expect(refresh.steps).toEqual({ delete: 1, same: 1 });
      expect(up.steps).toEqual({ create: 1, same: 1 });
      expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(tunnelId));
    });

    it("is rotated by an update plan, which holds no key", async () => {
      await engine.up(quarter("2026-Q3"));
      const plan = join(engine.folder, "plan.json");

      await engine.preview(quarter("2026-Q4"), { plan });
      const up = await engine.up(quarter("2026-Q4"), { plan });

      expect(up.steps).toEqual({ same: 1, update: 1 });
      expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(tunnelId));
      // afterEach() searches the plan too, because it lies in the engine's folder. Here: that there is one.
      expect(await readFile(plan, "utf8")).toContain("key-001");
    });

    it("is destroyed without a request, and the key stays active", async () => {
      await engine.up(key());
      const active = engine.simulator.keyAtEdge(tunnelId);
      engine.simulator.clearRequests();

      const destroy = await engine.destroy();

      expect(destroy.steps).toEqual({ delete: 2 });
      expect(engine.simulator.requests()).toEqual([]);
      expect(engine.simulator.keyAtEdge(tunnelId)).toBe(active);
    });
  });

  describe("findLeaks() on what the engine wrote", () => {
    it("finds the key where the engine was asked to show it", async () => {
      await engine.up(key());

      const shown = new Map([["stack export --show-secrets", await engine.exportWithSecrets()]]);

      expect(findLeaks(shown, engine.simulator.issuedKeys())).toContainEqual({
        where: "stack export --show-secrets",
        encoding: "raw",
      });
    });

    it("finds the key in no event but the debug lines of Pulumi's own SDK", async () => {
      const { events } = await engine.up(key());
      const ownLeaks = new Map([["debug lines", JSON.stringify(events.filter(isOwnLeakOfPulumi))]]);

      // afterEach() searches all other events. If this fails, Pulumi has fixed it: then search these too.
      expect(findLeaks(ownLeaks, engine.simulator.issuedKeys())).not.toEqual([]);
    });
  });

  /** Returns what README shows of such a preview, without the resource's name, colors and columns. */
  function linesOfReadme({ type }: Kind): string[] {
    const [, shown = ""] = /```text\n~ +(.+?)```/s.exec(readPage("README.md").text) ?? [];
    const lines = shown.split("\n").map((line) => line.trim().replace(/ ?\(?branch-1\)?.*$/, ""));
    expect(lines).toContain("Your router keeps using the old key until you deploy the new one.");
    // The README shows the type of one kind.
    return lines.map((line) => line.replace(/(?:pulumi-nodejs:dynamic\/|cloudflare-)\S+:IpsecTunnelPsk/, type));
  }
});
