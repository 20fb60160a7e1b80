import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../src";
import { closeWithoutLeaks, KINDS, startEngine, type TestEngine } from "../support/engine";

describe.each(KINDS)("with the $kind provider:", (kind) => {
  const { Key } = kind;

  const DAY_MS = 86_400_000;

  let engine: TestEngine;
  let tunnelId: string;

  beforeEach(async () => {
    engine = await startEngine({ kind });
    tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
  });

  afterEach(() => closeWithoutLeaks(engine));

  function key(args: Partial<IpsecTunnelPskArgs> = {}): PulumiFn {
    return () => {
      const { accountId } = engine.simulator;
      const resource = new Key("key-001", { accountId, ipsecTunnelId: tunnelId, ...args });
      const { psk, status, lastGeneratedOn, nextRotationOn } = resource;
      return Promise.resolve({ psk, status, lastGeneratedOn, nextRotationOn });
    };
  }

  /** Someone else rotates the key, and this stack learns it in a refresh. */
  async function superseded(): Promise<{ before: string; after: string }> {
    const { outputs } = await engine.up(key());
    engine.simulator.rotate(tunnelId);
    await engine.refresh();
    return { before: outputs.lastGeneratedOn?.value as string, after: engine.simulator.generatedOn(tunnelId) ?? "" };
  }

  describe("a key that someone else rotated", () => {
    it("is seen by a refresh, named with both times by the preview, and replaced by up", async () => {
      const { before, after } = await superseded();

      const preview = await engine.preview(key());
      const up = await engine.up(key());

      // A read shows the time rounded to microseconds, which may carry over.
      expect(preview.text).toContain(`someone else rotated the key at ${after.slice(0, 19)}`);
      expect(preview.text).toContain(`the key in the state was generated at ${before}`);
      expect(up.outputs.status?.value).toBe("active");
      expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(tunnelId));
    });

    it('fails preview and up with onExternalRotation "fail", sends nothing, and names the ways out', async () => {
      await superseded();
      const theirs = engine.simulator.keyAtEdge(tunnelId);

      const preview = await engine.preview(key({ onExternalRotation: "fail" }));
      const up = await engine.up(key({ onExternalRotation: "fail" }));

      expect([preview.succeeded, up.succeeded]).toEqual([false, false]);
      expect(preview.text).toContain("ERR_EXTERNAL_ROTATION");
      expect(up.text).toContain("take over the other key with existingKey");
      expect(engine.simulator.keyAtEdge(tunnelId)).toBe(theirs);
    });

    it('is replaced even with onExternalRotation "fail" if a trigger asks for a new key', async () => {
      await superseded();

      const up = await engine.up(key({ onExternalRotation: "fail", rotationTriggers: { on: "purpose" } }));

      expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(tunnelId));
    });

    it("is taken over once by existingKey, and nothing is generated", async () => {
      const { after } = await superseded();
      const psk = engine.simulator.keyAtEdge(tunnelId) ?? "";
      engine.simulator.clearRequests();

      const up = await engine.up(key({ existingKey: { psk, lastGeneratedOn: after } }));
      const again = await engine.up(key({ existingKey: { psk, lastGeneratedOn: after } }));

      expect(up.outputs.status?.value).toBe("active");
      expect(up.outputs.psk).toEqual({ value: psk, secret: true });
      expect(again.steps).toEqual({ same: 2 });
      // The takeover reads the tunnel; the plain up after it looks for drift.
      expect(engine.simulator.requests().map(({ operation }) => operation)).toEqual(["get", "list"]);
    });
  });

  describe("existingKey", () => {
    it("takes over an active key when the resource is created, once, by its second or its full timestamp", async () => {
      const psk = engine.simulator.rotate(tunnelId);
      const full = engine.simulator.generatedOn(tunnelId) ?? "";
      const second = full.replace(/\.\d+/, "");

      const preview = await engine.preview(key({ existingKey: { psk, lastGeneratedOn: second } }));
      const up = await engine.up(key({ existingKey: { psk, lastGeneratedOn: second } }));
      const again = await engine.up(key({ existingKey: { psk, lastGeneratedOn: second } }));
      const precise = await engine.preview(key({ existingKey: { psk, lastGeneratedOn: full } }));

      expect(preview.text).toContain(`The existing key will be taken over, generated at ${second}.`);
      expect(up.outputs.psk).toEqual({ value: psk, secret: true });
      expect(up.outputs.lastGeneratedOn?.value).toMatch(/\.\d{6}Z$/);
      expect([again.steps, precise.steps]).toEqual([{ same: 2 }, { same: 2 }]);
      expect(engine.simulator.keyAtEdge(tunnelId)).toBe(psk);
    });

    it.each([
      ["it ends with a line break", (psk: string) => `${psk}\n`],
      ["it starts with a byte order mark", (psk: string) => `\uFEFF${psk}`],
      ["it has quotes around it", (psk: string) => `"${psk}"`],
    ])("is refused by name, before anything is sent, when %s", async (flaw, paste) => {
      const psk = engine.simulator.rotate(tunnelId);
      const lastGeneratedOn = engine.simulator.generatedOn(tunnelId) ?? "";
      const program = key({ existingKey: { psk: paste(psk), lastGeneratedOn } });

      const preview = await engine.preview(program);
      const up = await engine.up(program);

      expect([preview.succeeded, up.succeeded]).toEqual([false, false]);
      expect([preview.text, up.text].join()).not.toContain(psk);
      for (const { text } of [preview, up]) expect(text).toContain(`existingKey.psk must be the key alone: ${flaw}`);
      expect(engine.simulator.requests()).toEqual([]);
    });

    it("is refused by preview and up if the edge shows another timestamp", async () => {
      const psk = engine.simulator.rotate(tunnelId);
      const existingKey = { psk, lastGeneratedOn: "2020-01-01T00:00:00Z" };

      const preview = await engine.preview(key({ existingKey }));
      const up = await engine.up(key({ existingKey }));

      expect(preview.text).toContain("ERR_EXISTING_KEY_MISMATCH");
      expect(up.text).toContain("ERR_EXISTING_KEY_MISMATCH");
    });
  });

  describe("a preview in which a new resource would replace an active key", () => {
    it("warns, with the time and the ways to keep it", async () => {
      engine.simulator.rotate(tunnelId);

      const preview = await engine.preview(key());

      expect(preview.text).toContain(`warning: Tunnel ${tunnelId} already has a key, generated at`);
      expect(preview.text).toContain("you can keep the key: set existingKey, or an alias if the resource was renamed.");
    });
  });

  describe("rotateAfterDays", () => {
    it("replaces a key of that age in the next up, and says so in the preview", async () => {
      // Another Cloudflare, because its timestamps only grow.
      await engine.close();
      engine = await startEngine({ kind });
      engine.setClock(-91 * DAY_MS);
      tunnelId = engine.simulator.addTunnel();
      const first = await engine.up(key({ rotateAfterDays: 90 }));
      engine.setClock(0);

      const preview = await engine.preview(key({ rotateAfterDays: 90 }));
      const second = await engine.up(key({ rotateAfterDays: 90 }));

      expect(preview.text).toContain("the key is 91 days old, and rotateAfterDays is 90");
      expect(second.steps).toEqual({ same: 1, update: 1 });
      expect(second.outputs.psk?.value).not.toBe(first.outputs.psk?.value);
      expect(second.outputs.nextRotationOn?.value).toMatch(/^\d{4}-\d\d-\d\d$/);
    });

    it.each([
      ["ahead of", 200],
      ["behind", -200],
    ])("does not rotate at every up where this machine's clock is %s Cloudflare's, and says so", async (how, days) => {
      await engine.close();
      engine = await startEngine({ kind, simulator: { now: () => Date.now() - days * DAY_MS } });
      tunnelId = engine.simulator.addTunnel();

      const first = await engine.up(key({ rotateAfterDays: 90 }));
      const second = await engine.up(key({ rotateAfterDays: 90 }));

      expect(first.text).toContain(`this machine's clock is 200 d ${how} Cloudflare's: correct it.`);
      expect(second.steps).toEqual({ same: 2 });
    });

    it("generates nothing when it changes and the key is not due", async () => {
      await engine.up(key({ rotateAfterDays: 90 }));

      const up = await engine.up(key({ rotateAfterDays: 30 }));

      // Programs of TypeScript derive `nextRotationOn`; the native provider stores it.
      expect(up.steps).toEqual(kind.kind === "dynamic" ? { same: 2 } : { same: 1, update: 1 });
      expect(engine.simulator.requests().filter(({ operation }) => operation === "generate")).toHaveLength(1);
    });
  });

  describe("two resources for one tunnel in one program", () => {
    it("are refused with both names, before anything is sent", async () => {
      const { accountId } = engine.simulator;

      const preview = await engine.preview(() => {
        new Key("key-001", { accountId, ipsecTunnelId: tunnelId });
        new Key("key-002", { accountId, ipsecTunnelId: tunnelId.toUpperCase() });
        return Promise.resolve();
      });

      expect(preview.succeeded).toBe(false);
      // The native provider sees them as they come, and names the property.
      expect(preview.text).toMatch(
        /resource 'key-00(?:2'.+ already belongs to IpsecTunnelPsk "key-001"|1'.+ already belongs to IpsecTunnelPsk "key-002")/,
      );
      expect(engine.simulator.keyAtEdge(tunnelId)).toBeUndefined();
    });
  });
});
