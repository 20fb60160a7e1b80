import { join } from "node:path";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../src";
import { faults } from "../../src/simulator";
import { closeWithoutLeaks, KINDS, type Outcome, startEngine, type TestEngine } from "../support/engine";

describe.each(KINDS)("with the $kind provider:", (kind) => {
  const { Key } = kind;

  let engine: TestEngine;
  let ipsecTunnelId: string;

  beforeEach(async () => {
    engine = await startEngine({ kind });
    ipsecTunnelId = engine.simulator.addTunnel();
  });

  afterEach(() => closeWithoutLeaks(engine));

  function key(args: Partial<IpsecTunnelPskArgs> = {}, options: CustomResourceOptions = {}): PulumiFn {
    return () => {
      const { accountId } = engine.simulator;
      const { psk, status } = new Key("branch-1", { accountId, ipsecTunnelId, ...args }, options);
      return Promise.resolve({ psk, status });
    };
  }

  const operations = () => engine.simulator.requests().map(({ operation }) => operation);

  const linesOf = ({ events }: Outcome) => events.flatMap(({ diagnosticEvent }) => diagnosticEvent?.message ?? []);

  /** Removes the keys, as an edit of the tunnels by someone else may. */
  async function removeKeys(...ids: readonly string[]): Promise<void> {
    const { url, accountId, apiToken } = engine.simulator;
    await fetch(`${url}/accounts/${accountId}/magic/ipsec_tunnels`, {
      method: "PUT",
      headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
      body: JSON.stringify({ ipsec_tunnels: ids.map((id) => ({ id, psk: null })) }),
    });
  }

  /** Starts again with short waits for replicas that lag behind: a key is given up after five reads. */
  async function restartWithShortWaits(): Promise<void> {
    await engine.close();
    engine = await startEngine({ kind, internal: { lagWaitMs: 10 } });
    ipsecTunnelId = engine.simulator.addTunnel();
  }

  /** Creates the key, has someone else rotate it, and forgets the requests so far. */
  async function rotatedBySomeoneElse(program = key()): Promise<void> {
    await engine.up(program);
    engine.simulator.rotate(ipsecTunnelId);
    engine.simulator.clearRequests();
  }

  describe("a plain up", () => {
    it("replaces a key that someone else rotated", async () => {
      await rotatedBySomeoneElse();

      const up = await engine.up(key());

      expect(up.steps).toEqual({ same: 1, update: 1 });
      expect(up.outputs.status?.value).toBe("active");
      expect(up.outputs.psk).toEqual({ value: engine.simulator.keyAtEdge(ipsecTunnelId), secret: true });
    });

    it("sends one list if nobody rotated the key, and changes nothing", async () => {
      await engine.up(key());
      engine.simulator.clearRequests();

      const up = await engine.up(key());

      expect(up.steps).toEqual({ same: 2 });
      expect(operations()).toEqual(["list"]);
    });

    it("sends nothing with detectDrift: false, and changes nothing", async () => {
      await engine.configure({ "cloudflare-ipsec-psk:detectDrift": "false" });
      await rotatedBySomeoneElse();

      const [preview, up] = [await engine.preview(key()), await engine.up(key())];

      expect([preview.steps, up.steps]).toEqual([{ same: 2 }, { same: 2 }]);
      expect(operations()).toEqual([]);
    });

    it('refuses to overwrite the key of someone else with onExternalRotation "fail"', async () => {
      const program = key({ onExternalRotation: "fail" });
      await rotatedBySomeoneElse(program);
      const theirs = engine.simulator.keyAtEdge(ipsecTunnelId);

      const [preview, up] = [await engine.preview(program), await engine.up(program)];

      expect([preview.succeeded, up.succeeded]).toEqual([false, false]);
      for (const { text } of [preview, up]) expect(text).toContain("ERR_EXTERNAL_ROTATION");
      expect(engine.simulator.keyAtEdge(ipsecTunnelId)).toBe(theirs);
      expect(operations()).not.toContain("generate");
    });

    it("replaces a key that someone removed, even if the account has no other tunnel", async () => {
      await restartWithShortWaits();
      await engine.up(key());
      await removeKeys(ipsecTunnelId);

      const up = await engine.up(key());

      expect(up.steps).toEqual({ same: 1, update: 1 });
      expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
    });

    it("replaces every key that someone removed, however many, and says so in the preview", async () => {
      await restartWithShortWaits();
      const { simulator } = engine;
      const ids = Array.from({ length: 8 }, (_none, index) => simulator.addTunnel({ name: `branch-${index}` }));
      simulator.addTunnel({ name: "other", psk: "a-key-of-another-tunnel" });
      const program: PulumiFn = () => {
        const { accountId } = simulator;
        const keys = ids.map((id) => new Key(`key-${id}`, { accountId, ipsecTunnelId: id, validateInPreview: false }));
        return Promise.resolve({ psks: keys.map(({ psk }) => psk) });
      };
      await engine.up(program);
      await removeKeys(...ids);

      const preview = await engine.preview(program);
      simulator.clearRequests();
      const up = await engine.up(program);

      expect(preview.steps).toEqual({ same: 1, update: 8 });
      expect(linesOf(preview).filter((line) => line.includes("A new key will be generated"))).toHaveLength(8);
      expect(up.steps).toEqual({ same: 1, update: 8 });
      expect(operations().filter((operation) => operation === "generate")).toHaveLength(8);
      expect(up.outputs.psks?.value).toEqual(ids.map((id) => simulator.keyAtEdge(id)));
    });

    it("keeps the resource of a tunnel that is missing, and names the command that removes it", async () => {
      await engine.up(key());
      engine.simulator.removeTunnel(ipsecTunnelId);

      const up = await engine.up(key());

      expect(up.steps).toEqual({ same: 2 });
      expect(up.text).toContain(
        `the account's list does not have this tunnel, and perhaps lacks others; run \`pulumi refresh\` to check`,
      );
    });

    it.each<[string, () => Promise<void> | void, string]>([
      ["is refused", () => engine.setToken("a-token-that-cloudflare-does-not-know-00"), "the credential is not valid"],
      [
        "gets no response",
        () => {
          engine.simulator.fault({ kind: "reset", effect: false }, { operations: ["list"], times: Infinity });
        },
        "the response was lost",
      ],
      [
        "is throttled",
        () => {
          engine.simulator.fault(faults.throttled({ retryAfterSeconds: 300 }), { operations: ["list"] });
        },
        "Cloudflare's request limit is reached",
      ],
    ])("fails nothing and plans nothing if its list %s, and says so in one line", async (_what, arrange, why) => {
      await rotatedBySomeoneElse();
      await arrange();

      const up = await engine.up(key());

      expect(up.steps).toEqual({ same: 2 });
      expect(linesOf(up).filter((line) => line.includes("Drift was not checked"))).toEqual([
        expect.stringContaining(why) as string,
      ]);
      expect(operations()).toEqual(["list"]);
    });

    it("uses the credentials of this run", async () => {
      await rotatedBySomeoneElse();
      const token = engine.simulator.apiToken;
      await engine.setToken("a-token-that-cloudflare-does-not-know-00");
      await engine.up(key());
      await engine.setToken(token);

      expect((await engine.up(key())).steps).toEqual({ same: 1, update: 1 });
    });
  });

  describe("a preview before a plain up", () => {
    it("names the times of both keys, and validates", async () => {
      const { outputs } = await engine.up(() => {
        const { accountId } = engine.simulator;
        const { lastGeneratedOn } = new Key("branch-1", { accountId, ipsecTunnelId });
        return Promise.resolve({ lastGeneratedOn });
      });
      engine.simulator.rotate(ipsecTunnelId);

      const preview = await engine.preview(key());

      expect(preview.steps).toEqual({ same: 1, update: 1 });
      expect(preview.text).toContain(
        `someone else rotated the key at ${engine.simulator.generatedOn(ipsecTunnelId)?.slice(0, 19) ?? ""}`,
      );
      expect(preview.text).toContain(`the key in the state was generated at ${String(outputs.lastGeneratedOn?.value)}`);
      expect(preview.text).toContain("Cloudflare would accept this");
      expect(preview.text).not.toContain("failed");
    });

    it("names them by one list with validateInPreview: false", async () => {
      const program = key({ validateInPreview: false });
      await rotatedBySomeoneElse(program);

      const preview = await engine.preview(program);

      expect(preview.text).toContain("someone else rotated the key at");
      // One list of the provider, and one of the hook.
      expect(operations()).toEqual(["list", "list"]);
    });

    it("shows nothing of a rotation that comes after it, which up replaces", async () => {
      await engine.up(key());
      const preview = await engine.preview(key());
      engine.simulator.rotate(ipsecTunnelId);

      const up = await engine.up(key());

      expect(preview.steps).toEqual({ same: 2 });
      expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
    });

    it("shows a rotation that up no longer sees, and up changes nothing", async () => {
      await rotatedBySomeoneElse();
      const preview = await engine.preview(key());
      // A replica that lags behind.
      engine.simulator.fault({ kind: "stale" }, { operations: ["list", "get"], times: Infinity });

      const up = await engine.up(key());

      expect(preview.steps).toEqual({ same: 1, update: 1 });
      expect(up.steps).toEqual({ same: 2 });
      expect(operations()).not.toContain("generate");
    });

    it("is followed by an up that keeps the key if no read confirms what its diff saw", async () => {
      await rotatedBySomeoneElse();
      engine.simulator.fault({ kind: "stale" }, { operations: ["list", "get"], times: Infinity, after: 1 });

      const up = await engine.up(key());

      expect(up.steps).toEqual({ same: 1, update: 1 });
      expect(up.outputs.status?.value).toBe("active");
      expect(operations()).not.toContain("generate");
    });
  });

  describe("a plain up after someone else's rotation, with Pulumi's options,", () => {
    it.each<[string, CustomResourceOptions]>([
      ["ignoreChanges", { ignoreChanges: ["*"] }],
      ["protect", { protect: true }],
      ["retainOnDelete", { retainOnDelete: true }],
    ])("replaces the key in place with %s", async (_name, options) => {
      const program = key({}, options);
      await rotatedBySomeoneElse(program);

      const up = await engine.up(program);

      expect(up.steps).toEqual({ same: 1, update: 1 });
      expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
      await engine.up(key());
    });

    it("replaces the key with replaceOnChanges", async () => {
      const program = key({}, { replaceOnChanges: ["*"] });
      await rotatedBySomeoneElse(program);

      const up = await engine.up(program);

      // No argument changed, but the native provider names the output that did, and `*` means outputs, too.
      expect(up.steps).toEqual(kind.kind === "dynamic" ? { same: 1, update: 1 } : { replace: 1, same: 1 });
      expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
    });

    it("looks at a resource only if --target names it", async () => {
      await rotatedBySomeoneElse();
      const urn = (await engine.state()).urn("branch-1");

      const other = await engine.up(key(), { target: [`${urn}-other`] });
      const before = operations();
      const named = await engine.up(key(), { target: [urn] });

      expect(other.steps.update).toBeUndefined();
      expect(before).toEqual([]);
      expect(named.steps).toMatchObject({ update: 1 });
      expect((await engine.stored("branch-1"))?.psk).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
    });

    it("sends one list with --refresh, and replaces the key", async () => {
      await rotatedBySomeoneElse();

      const up = await engine.up(key(), { refresh: true });

      expect(up.steps).toMatchObject({ update: 1 });
      expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
      expect(operations()).toEqual(["list", "generate", "get"]);
    });

    it("sends one list in a refresh, whose own diff does not look again", async () => {
      await rotatedBySomeoneElse();

      const refresh = await engine.refresh();

      expect(refresh.succeeded).toBe(true);
      expect(operations()).toEqual(["list"]);
      expect((await engine.stored("branch-1"))?.status).toBe("superseded");
    });

    it("is refused by the engine if an update plan was made before the rotation", async () => {
      const plan = join(engine.folder, "plan.json");
      await engine.up(key());
      await engine.preview(key(), { plan });
      engine.simulator.rotate(ipsecTunnelId);

      const up = await engine.up(key(), { plan });

      expect(up.succeeded).toBe(false);
      expect(up.text).toContain("update is not allowed by the plan");
    });
  });
});
