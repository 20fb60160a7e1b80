import { createProvider, type Provider } from "../../src/native/provider";
import type { Outcome, ResourceKind, Stored } from "../../src/native/resource-kind";
import { plain, type Properties, Secret } from "../../src/native/wire";
import { INTERNAL_VARIABLE } from "../../src/connection/settings";
import { PartialFailure } from "../../src/psk/partial-failure";
import { UNKNOWN } from "../../src/psk/sentinels";
import { faults, type Simulator, startSimulator } from "../../src/simulator";
import { recordedCall, recordLines } from "./recorded-call";

const TYPE = "cloudflare-ipsec-psk:index:IpsecTunnelPsk";

describe("IpsecTunnelPsk", () => {
  let simulator: Simulator;
  let provider: Provider;
  let kind: ResourceKind;
  let inputs: Properties;

  beforeEach(async () => {
    process.env[INTERNAL_VARIABLE] = JSON.stringify({ lagWaitMs: 1, backoffMs: 1, batchWaitMs: 1, maxGenerations: 2 });
    simulator = await startSimulator();
    inputs = { accountId: simulator.accountId, ipsecTunnelId: simulator.addTunnel({ name: "branch-1" }) };
    provider = createProvider({ lines: recordLines(), engineAddress: () => "" });
    await configure();
  });

  afterEach(async () => {
    Reflect.deleteProperty(process.env, INTERNAL_VARIABLE);
    await simulator.close();
  });

  async function configure(changes: Properties = {}, urn?: string): Promise<void> {
    const values = { apiToken: simulator.apiToken, baseUrl: simulator.url, lostResponseWaitMs: "1" };
    provider.configure({ ...values, ...changes }, urn);
    kind = await provider.kindOf(TYPE);
  }

  const call = () => recordedCall(TYPE);
  const tunnelId = () => plain(inputs.ipsecTunnelId) as string;
  const sent = () => simulator.requests().map(({ operation }) => operation);

  /** Checks and creates, as the engine does. */
  async function create(changes: Properties = {}): Promise<Stored> {
    const checked = kind.check(call(), { ...inputs, ...changes });
    expect(checked.failures).toEqual([]);
    const { outputs } = await kind.create(call(), checked.inputs, false);
    return { inputs: checked.inputs, outputs };
  }

  /** Another process, which has not looked at the edge yet. */
  const nextPhase = () => {
    provider = createProvider({ lines: recordLines(), engineAddress: () => "" });
    simulator.clearRequests();
    return configure();
  };

  describe("check()", () => {
    const failuresOf = (news: Properties) => kind.check(call(), news).failures;

    it("accepts what is right, and what is known only after up", () => {
      expect(failuresOf(inputs)).toEqual([]);
      expect(failuresOf({ accountId: UNKNOWN, ipsecTunnelId: new Secret(UNKNOWN), rotateAfterDays: UNKNOWN })).toEqual(
        [],
      );
    });

    it("returns IDs as Cloudflare writes them, secret if they were", () => {
      const [accountId, ipsecTunnelId] = ["AB".repeat(16), new Secret("CD".repeat(16))];

      expect(kind.check(call(), { accountId, ipsecTunnelId }).inputs).toEqual({
        accountId: "ab".repeat(16),
        ipsecTunnelId: new Secret("cd".repeat(16)),
      });
    });

    it("finds every mistake, and names a property only where its value may be shown", () => {
      const existingKey = { psk: "psk=fake-key", lastGeneratedOn: "2026-03-01T12:00:00Z" };

      expect(
        failuresOf({ accountId: "abc", ipsecTunnelId: new Secret("abc"), existingKey, psk: " ", key: "" }),
      ).toEqual([
        { property: "accountId", reason: "must be a Cloudflare account ID: 32 hexadecimal characters" },
        { property: "", reason: "ipsecTunnelId must be the ID of an IPsec tunnel: 32 hexadecimal characters" },
        { property: "", reason: "psk must be the key alone: it starts or ends with white space" },
        { property: "", reason: 'existingKey.psk must be the key alone: it has "psk" in front of it' },
        { property: "", reason: "key is not a property of IpsecTunnelPsk" },
      ]);
    });

    it("takes digits that a YAML program sends as numbers, and says how to write those that are not exact", () => {
      const digits = { conduitId: 33145236, rotationTriggers: { week: 202648 } };

      expect(kind.check(call(), { ...inputs, ...digits })).toEqual({
        inputs: { ...inputs, conduitId: "33145236", rotationTriggers: { week: "202648" } },
        failures: [],
      });
      expect(kind.check(call(), { ...inputs, accountId: 1e31 }).failures[0]?.reason).toContain("put it in quotes");
    });

    it("encrypts the key of a plain existingKey", () => {
      const existingKey = { psk: "fake-existing-key", lastGeneratedOn: "2026-03-01T12:00:00Z" };

      expect(kind.check(call(), { ...inputs, existingKey }).inputs).toEqual({
        ...inputs,
        existingKey: { ...existingKey, psk: new Secret("fake-existing-key") },
      });
    });

    it("encrypts a plain psk", () => {
      expect(kind.check(call(), { ...inputs, psk: "fake-given-key" }).inputs).toEqual({
        ...inputs,
        psk: new Secret("fake-given-key"),
      });
    });

    it("refuses a second resource of a tunnel by both names, and may be asked twice", () => {
      kind.check(recordedCall(TYPE, "first"), inputs);
      kind.check(recordedCall(TYPE, "first"), inputs);

      expect(kind.check(recordedCall(TYPE, "second"), inputs).failures).toEqual([
        {
          property: "ipsecTunnelId",
          reason:
            'already belongs to IpsecTunnelPsk "first": remove one of the two, because a tunnel has one key, and each resource would overwrite the key of the other',
        },
      ]);
    });
  });

  describe("a key whose mark was removed after check()", () => {
    const plainly = { psk: "kQ2xW7bM4Lr3TfZ9hJ8nV5cD1sG6pYAf" };

    it.each([false, true])("is refused before anything is sent, by every verb (preview: %s)", async (isPreview) => {
      const stored = await create({ psk: plainly.psk });
      simulator.clearRequests();
      const news = { ...stored.inputs, ...plainly };

      await expect(kind.create(call(), news, isPreview)).rejects.toThrow("Cannot keep psk secret");
      await expect(kind.diff(call(), stored, news)).rejects.toThrow("Cannot keep psk secret");
      await expect(kind.update(call(), stored, news, isPreview)).rejects.toThrow("Cannot keep psk secret");
      expect(sent()).toEqual([]);
    });

    it("is marked again by marked(), for what a refresh stores", () => {
      expect(kind.marked({ ...inputs, ...plainly, existingKey: plainly })).toEqual({
        ...inputs,
        psk: new Secret(plainly.psk),
        existingKey: { psk: new Secret(plainly.psk) },
      });
    });
  });

  describe("create()", () => {
    it("gives the state the key of the edge, as a secret, and what follows from it", async () => {
      const { outputs } = await create({ rotateAfterDays: 90 });

      expect(outputs).toMatchObject({
        ...inputs,
        psk: new Secret(simulator.keyAtEdge(tunnelId())),
        status: "active",
        fqdnId: `${tunnelId()}.33145236.ipsec.cloudflare.com`,
        nextRotationOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
      });
      expect(sent()).toEqual(["generate", "get"]);
    });

    it("keeps a received key when the run is cancelled", async () => {
      simulator.fault({ kind: "delay", ms: 300, before: "response" }, { operations: ["generate"] });
      const created = create();
      await until(() => sent().includes("generate"));
      provider.cancel();

      expect((await created).outputs.psk).toEqual(new Secret(simulator.keyAtEdge(tunnelId())));
    });

    it("warns of a key that could not be verified", async () => {
      simulator.fault({ kind: "reset", effect: true }, { operations: ["list", "get"], times: Infinity });
      const unverified = call();
      const { outputs } = await kind.create(unverified, inputs, false);

      expect(outputs.status).toBe("unverified");
      expect(unverified.written.at(-1)).toBe(
        "warning: This key has not been verified yet: no read has shown that it is the active one. Run `pulumi refresh` to verify it.",
      );
    });

    it("has the time that customTimeouts gives it", async () => {
      await configure({ lostResponseWaitMs: "60000" });
      simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"] });

      // In 60 s the wait for a late request has no time, and with the default it would have.
      await expect(kind.create(recordedCall(TYPE, "branch-1", { timeoutMs: 60_000 }), inputs, false)).rejects.toThrow(
        "ERR_OUTCOME_UNKNOWN",
      );
      expect(sent()).toEqual(["generate"]);
    });
  });

  describe("create() in a preview", () => {
    const preview = async (news: Properties = inputs) => {
      const asked = call();
      return { ...(await kind.create(asked, news, true)), written: asked.written };
    };

    it("validates, says why, and knows neither key nor status", async () => {
      const { id, outputs, written } = await preview();

      expect(id).toBe(`${simulator.accountId}/${tunnelId()}`);
      expect(outputs).toMatchObject({ ...inputs, psk: new Secret(UNKNOWN), status: UNKNOWN, fqdnId: UNKNOWN });
      expect(written).toEqual([
        `info: A new key will be generated, active immediately: the resource of tunnel ${tunnelId()} is new or is being replaced.\nYour router keeps using the old key until you deploy the new one.\nCloudflare would accept this (validate_only: nothing was persisted).`,
      ]);
      expect(simulator.keyAtEdge(tunnelId())).toBeUndefined();
    });

    it("fails with Cloudflare's refusal", async () => {
      await expect(preview({ ...inputs, ipsecTunnelId: "0".repeat(32) })).rejects.toThrow("ERR_TUNNEL_NOT_FOUND");
    });

    it("has no ID while the tunnel is unknown", async () => {
      expect((await preview({ ...inputs, ipsecTunnelId: UNKNOWN })).id).toBe("");
    });

    it("warns without credentials, and names the key that this provider reads", async () => {
      provider.configure({ baseUrl: simulator.url }, undefined);
      kind = await provider.kindOf(TYPE);

      expect((await preview()).written[0]).toContain(
        "Run `pulumi config set --secret cloudflare-ipsec-psk:apiToken`, or set CLOUDFLARE_API_TOKEN",
      );
    });

    it("proves once for all resources that validate_only is harmless", async () => {
      const other = { ...inputs, ipsecTunnelId: simulator.addTunnel({ name: "branch-2" }) };
      await preview();
      simulator.clearRequests();
      await preview(other);

      expect(sent()).toEqual(["validate"]);
    });
  });

  describe("diff()", () => {
    it("keeps what is the same, and looks at the edge once for all keys", async () => {
      const first = await create();
      const second = { ...inputs, ipsecTunnelId: simulator.addTunnel({ name: "branch-2" }) };
      const { outputs } = await kind.create(call(), second, false);
      await nextPhase();

      expect(await kind.diff(call(), first, inputs)).toEqual({ changes: false });
      expect(await kind.diff(call(), { inputs: second, outputs }, second)).toEqual({ changes: false });
      expect(sent()).toEqual(["list"]);
    });

    it("updates in place for a changed trigger", async () => {
      const olds = await create({ rotationTriggers: { quarter: "Q1" } });

      expect(await kind.diff(call(), olds, { ...olds.inputs, rotationTriggers: { quarter: "Q2" } })).toEqual({
        changes: true,
        properties: { "rotationTriggers.quarter": { kind: "update", in: "inputs" } },
      });
    });

    it("replaces for another tunnel", async () => {
      const olds = await create();
      const ipsecTunnelId = simulator.addTunnel({ name: "branch-2" });

      expect(await kind.diff(call(), olds, { ...inputs, ipsecTunnelId })).toMatchObject({
        replaces: ["ipsecTunnelId"],
      });
    });

    it.each<[string, Properties]>([
      ["validateInPreview", { validateInPreview: false }],
      ["onExternalRotation", { onExternalRotation: "fail" }],
      ["rotationTriggers in another order", { rotationTriggers: { b: "2", a: "1" } }],
    ])("keeps a resource whose %s changes nothing", async (_what, changes) => {
      const olds = await create({ rotationTriggers: { a: "1", b: "2" } });
      await nextPhase();

      expect(await kind.diff(call(), olds, { ...olds.inputs, ...changes })).toEqual({ changes: false });
    });

    it("looks a new name up once, although that writes no state", async () => {
      const olds = await create();
      const byName = { accountId: simulator.accountId, ipsecTunnelName: "branch-1" };
      await nextPhase();
      await configure({ detectDrift: "false" });

      expect(await kind.diff(call(), olds, byName)).toEqual({ changes: false });
      expect(await kind.diff(call(), { ...olds, inputs: byName }, byName)).toEqual({ changes: false });
      expect(sent()).toEqual(["list"]);
    });

    it("updates in place when someone else rotated the key", async () => {
      const olds = await create();
      simulator.rotate(tunnelId());
      await nextPhase();

      expect(await kind.diff(call(), olds, inputs)).toEqual({
        changes: true,
        properties: { status: { kind: "update", in: "outputs" } },
      });
    });

    it("fails nothing when it cannot look, and says so under the stack", async () => {
      const olds = await create();
      const lines = recordLines();
      provider = createProvider({ lines, engineAddress: () => "" });
      await configure();
      simulator.fault(faults.serverError(500), { times: Infinity });

      expect(await kind.diff(call(), olds, inputs)).toEqual({ changes: false });
      expect(lines.written).toEqual([expect.stringContaining("Drift was not checked in account")]);
    });
  });

  describe("update()", () => {
    it("rotates: the key in the state is the edge's", async () => {
      const olds = await create({ rotationTriggers: { quarter: "Q1" } });
      const news = { ...olds.inputs, rotationTriggers: { quarter: "Q2" } };
      const outputs = await kind.update(call(), olds, news, false);

      expect(outputs).toMatchObject({
        psk: new Secret(simulator.keyAtEdge(tunnelId())),
        rotationTriggers: { quarter: "Q2" },
      });
      expect(outputs.psk).not.toEqual(olds.outputs.psk);
    });

    it("repairs what someone else rotated, also without a reason in the stored state", async () => {
      const olds = await create();
      simulator.rotate(tunnelId());
      await nextPhase();
      await kind.diff(call(), olds, inputs);
      const outputs = await kind.update(call(), olds, inputs, false);

      expect(outputs).toMatchObject({ psk: new Secret(simulator.keyAtEdge(tunnelId())), status: "active" });
    });

    it.each<[string, Properties, Properties, Properties]>([
      ["rotateAfterDays", { rotateAfterDays: 90 }, { rotateAfterDays: 30 }, {}],
      ["conduitId, without ipsec_id", { conduitId: "1" }, { conduitId: "2" }, { ipsecId: undefined }],
      ["the mark of a trigger", { rotationTriggers: { a: "1" } }, { rotationTriggers: { a: new Secret("1") } }, {}],
    ])("changes the outputs that follow from %s, and sends nothing", async (_what, before, after, changed) => {
      if ("ipsecId" in changed) {
        const fault = { kind: "altered", change: "withoutIpsecId" } as const;
        simulator.fault(fault, { operations: ["generate"] });
      }
      const olds = await create(before);
      await nextPhase();
      const news = { ...inputs, ...after };
      expect((await kind.diff(call(), olds, news)).changes).toBe(true);
      simulator.clearRequests();

      const previewed = await kind.update(call(), olds, news, true);
      const updated = await kind.update(call(), olds, news, false);

      expect(previewed).toEqual(updated);
      expect(updated.psk).toEqual(olds.outputs.psk);
      expect(updated).not.toEqual(olds.outputs);
      expect(sent()).toEqual([]);
      expect(await kind.diff(call(), { inputs: news, outputs: updated }, news)).toEqual({ changes: false });
    });

    // The engine forces an update after a partial failure, even if the program asks for nothing any more.
    it("verifies a key when it is forced to, and keeps it", async () => {
      const olds = await create();
      await nextPhase();
      await kind.diff(call(), olds, inputs);
      simulator.clearRequests();

      expect((await kind.update(call(), olds, inputs, false)).psk).toEqual(olds.outputs.psk);
      expect(sent()).toEqual(["get"]);
    });

    it("regenerates a key that a state of the dynamic resource marks as lost", async () => {
      const { outputs } = await create();
      const olds = { inputs, outputs: { ...outputs, status: "lost", __provider: "text" } };
      const updated = await kind.update(call(), olds, inputs, false);

      expect(updated).toMatchObject({ psk: new Secret(simulator.keyAtEdge(tunnelId())), status: "active" });
      expect(updated).not.toHaveProperty("__provider");
    });

    describe("that loses its key", () => {
      const lose = () =>
        simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"], times: Infinity });
      const lost = async (olds: Stored, news: Properties): Promise<PartialFailure<Outcome>> => {
        lose();
        const failure: unknown = await kind.update(call(), olds, news, false).catch((error: unknown) => error);
        if (!(failure instanceof PartialFailure))
          throw new Error("The test expects a PartialFailure", { cause: failure });
        return failure;
      };

      it("keeps the state, marked, so that the next up acts even if the program is reverted", async () => {
        const olds = await create({ rotationTriggers: { quarter: "Q1" } });
        const failure = await lost(olds, { ...inputs, rotationTriggers: { quarter: "Q2" } });

        expect(failure.kept).toEqual({
          id: `${simulator.accountId}/${tunnelId()}`,
          outputs: { ...olds.outputs, status: "lost" },
        });
        expect(failure.message).toContain("ERR_OUTCOME_UNKNOWN");
      });

      it("keeps old triggers as secret as they were, even if the new ones are public", async () => {
        const olds = await create({ rotationTriggers: { quarter: "Q1", ticket: new Secret("fake") } });
        const { kept } = await lost(olds, { ...inputs, rotationTriggers: { quarter: "Q2", ticket: "public" } });

        expect(kept.outputs.rotationTriggers).toEqual({ quarter: "Q1", ticket: new Secret("fake") });
      });
    });
  });

  describe("update() in a preview", () => {
    it("knows the identities of a rotation, and not its key", async () => {
      const olds = await create({ rotationTriggers: { quarter: "Q1" } });
      const outputs = await kind.update(call(), olds, { ...inputs, rotationTriggers: { quarter: "Q2" } }, true);

      expect(outputs).toMatchObject({
        psk: new Secret(UNKNOWN),
        fqdnId: olds.outputs.fqdnId,
        userFqdnId: olds.outputs.userFqdnId,
        keyId: olds.outputs.keyId,
        status: UNKNOWN,
      });
      expect(simulator.keyAtEdge(tunnelId())).toBe(plain(olds.outputs.psk));
    });

    it("hides a trigger that is secret on one side", async () => {
      const olds = await create({ rotationTriggers: { ticket: new Secret("fake-secret-1") } });
      const asked = call();
      await kind.update(asked, olds, { ...inputs, rotationTriggers: { ticket: "fake-secret-2" } }, true);

      expect(asked.written.join()).toContain("rotationTriggers.ticket changed.");
      expect(asked.written.join()).not.toContain("fake-secret");
    });

    it("names both times when someone else rotated the key", async () => {
      const olds = await create();
      simulator.rotate(tunnelId());
      await nextPhase();
      const asked = call();
      await kind.diff(asked, olds, inputs);
      await kind.update(asked, olds, inputs, true);

      expect(asked.written.join()).toMatch(
        /someone else rotated the key at \S+; the key in the state was generated at \S+/,
      );
    });

    it('refuses someone else\'s key under onExternalRotation: "fail"', async () => {
      const olds = await create({ onExternalRotation: "fail" });
      simulator.rotate(tunnelId());
      await nextPhase();

      await expect(kind.update(call(), olds, olds.inputs, true)).rejects.toThrow("ERR_EXTERNAL_ROTATION");
    });
  });

  describe("a tunnel that is named by its name", () => {
    const CLAIMED = "ERR_INVALID_INPUT";
    let named: Properties;

    beforeEach(() => {
      named = { accountId: simulator.accountId, ipsecTunnelName: "branch-1" };
    });

    const createNamed = async (changes: Properties = {}): Promise<Stored> => {
      const news = { ...named, ...changes };
      return { inputs: news, outputs: (await kind.create(call(), news, false)).outputs };
    };
    const lists = () => sent().filter((operation) => operation === "list").length;
    /** Deletes the tunnel, and creates one of that name. */
    const recreate = () => {
      simulator.removeTunnel(tunnelId());
      return simulator.addTunnel({ name: "branch-1" });
    };
    /** Reads the tunnel, or changes it, as someone else would. */
    const request = async (method: "GET" | "PUT", body?: object) => {
      const url = `${simulator.url}/accounts/${simulator.accountId}/magic/ipsec_tunnels/${tunnelId()}`;
      const headers = { authorization: `Bearer ${simulator.apiToken}` };
      const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      return (await response.json()) as {
        readonly result: { readonly ipsec_tunnel: Readonly<Record<string, string>> };
      };
    };
    const shown = async () => (await request("GET")).result.ipsec_tunnel;
    const renameTo = async (name: string) => request("PUT", { ...(await shown()), name });

    it("create() has the resolved ID as the resource's ID and output, and stores the name and the precise pin", async () => {
      const { id, outputs } = await kind.create(call(), named, false);

      expect(id).toBe(`${simulator.accountId}/${tunnelId()}`);
      expect(outputs).toMatchObject({
        ipsecTunnelId: tunnelId(),
        ipsecTunnelName: "branch-1",
        ipsecTunnelCreatedOn: expect.stringMatching(/\.\d{6}Z$/) as string,
        psk: new Secret(simulator.keyAtEdge(tunnelId())),
      });
    });

    it("create() in a preview has neither an ID nor identities", async () => {
      const { id, outputs } = await kind.create(call(), named, true);

      expect([id, outputs.ipsecTunnelId, outputs.keyId]).toEqual(["", UNKNOWN, UNKNOWN]);
    });

    it("create() in a preview fails nothing for a tunnel that does not exist yet, and says so in one line", async () => {
      const asked = call();
      await kind.create(asked, { ...named, ipsecTunnelName: "paris" }, true);

      expect(asked.written).toEqual([
        expect.stringMatching(/^info: .*\n.*\nNot validated: the account has no tunnel "paris" yet; it has /),
      ]);
      expect(sent()).not.toContain("validate");
    });

    it("diff() keeps what is the same with the one list of the look for drift", async () => {
      const olds = await createNamed();
      await nextPhase();

      expect(await kind.diff(call(), olds, named)).toEqual({ changes: false });
      expect(sent()).toEqual(["list"]);
    });

    it("diff() keeps what is the same without a request with detectDrift: false", async () => {
      const olds = await createNamed();
      await nextPhase();
      await configure({ detectDrift: "false" });

      expect(await kind.diff(call(), olds, named)).toEqual({ changes: false });
      expect(sent()).toEqual([]);
    });

    it("diff() plans no step when the program moves between the ways to name the tunnel", async () => {
      let olds = await create();
      const ipsecTunnelCreatedOn = (await shown()).created_on;

      for (const news of [named, { ...named, ipsecTunnelCreatedOn }, inputs]) {
        await nextPhase();
        expect(await kind.diff(call(), olds, news)).toEqual({ changes: false });
        // Where nothing is planned, the engine stores the new inputs beside the old outputs.
        olds = { inputs: news, outputs: olds.outputs };
      }
    });

    it("diff() plans no step for a tunnel that was renamed", async () => {
      const olds = await createNamed();
      await renameTo("paris");
      await nextPhase();

      expect(await kind.diff(call(), olds, { ...named, ipsecTunnelName: "paris" })).toEqual({ changes: false });
      expect(lists()).toBe(1);
    });

    it.each<[string, Properties]>([
      ["name", { ipsecTunnelName: UNKNOWN }],
      ["pin", { ipsecTunnelName: "paris", ipsecTunnelCreatedOn: UNKNOWN }],
    ])("diff() plans no replacement for an unknown %s", async (_what, changes) => {
      const olds = await createNamed();
      await nextPhase();

      expect(await kind.diff(call(), olds, { ...named, ...changes })).toEqual({ changes: false });
    });

    it("diff() replaces if the list shows another tunnel of the name, and says so by the output", async () => {
      const olds = await createNamed();
      recreate();
      await nextPhase();

      expect(await kind.diff(call(), olds, named)).toEqual({
        changes: true,
        replaces: ["ipsecTunnelId"],
        properties: { ipsecTunnelId: { kind: "replace", in: "outputs" } },
      });
    });

    it("diff() replaces for the pin of another second, even if no list shows the new tunnel yet", async () => {
      const olds = await createNamed();
      await nextPhase();

      const news = { ...named, ipsecTunnelCreatedOn: "2030-01-01T00:00:00Z" };
      expect(await kind.diff(call(), olds, news)).toMatchObject({ replaces: ["ipsecTunnelId"] });
    });

    it("diff() and update() leave a name that the account lacks to the update, which fails with the closest", async () => {
      const olds = await createNamed();
      const key = simulator.keyAtEdge(tunnelId());
      await nextPhase();
      const news = { ...named, ipsecTunnelName: "branch-2" };

      expect(await kind.diff(call(), olds, news)).toEqual({
        changes: true,
        properties: { ipsecTunnelName: { kind: "update", in: "inputs" } },
      });
      await expect(kind.update(call(), olds, news, false)).rejects.toMatchObject({
        code: "ERR_TUNNEL_NOT_FOUND",
        details: { summary: expect.stringContaining('it has "branch-1"') as string },
      });
      expect(simulator.keyAtEdge(tunnelId())).toBe(key);
    });

    it("update() refuses a tunnel that turns out to be another one, and generates nothing", async () => {
      const olds = await createNamed();
      await nextPhase();
      const news = { ...named, ipsecTunnelName: "paris" };
      await kind.diff(call(), olds, news);
      simulator.addTunnel({ name: "paris" });
      simulator.clearRequests();

      await expect(kind.update(call(), olds, news, false)).rejects.toMatchObject({ nextStep: "retry" });
      expect(sent()).not.toContain("generate");
    });

    it("update() to another rotateAfterDays keeps the name beside the outputs that follow", async () => {
      const olds = await createNamed({ rotateAfterDays: 90 });
      await nextPhase();
      const updated = await kind.update(call(), olds, { ...named, rotateAfterDays: 30 }, false);

      expect(updated).toEqual({ ...olds.outputs, nextRotationOn: expect.any(String) as string });
      expect(updated.nextRotationOn).not.toBe(olds.outputs.nextRotationOn);
    });

    it("update() keeps the resolved ID if it loses its key", async () => {
      const olds = await createNamed({ rotationTriggers: { quarter: "Q1" } });
      simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"], times: Infinity });

      await expect(
        kind.update(call(), olds, { ...olds.inputs, rotationTriggers: { quarter: "Q2" } }, false),
      ).rejects.toMatchObject({
        kept: {
          id: `${simulator.accountId}/${tunnelId()}`,
          outputs: { ipsecTunnelId: tunnelId(), ipsecTunnelName: "branch-1", status: "lost" },
        },
      });
    });

    describe("is claimed by its ID:", () => {
      it("create() refuses a second key by its ID before it generates", async () => {
        await createNamed();
        simulator.clearRequests();

        await expect(kind.create(recordedCall(TYPE, "second"), inputs, false)).rejects.toThrow(CLAIMED);
        expect(sent()).toEqual([]);
      });

      it("create() refuses a second key by its name before it generates", async () => {
        await create();
        simulator.clearRequests();

        await expect(kind.create(recordedCall(TYPE, "second"), named, false)).rejects.toThrow(CLAIMED);
        expect(sent()).toEqual(["list"]);
      });

      it("a preview refuses a second key by its name, and one by its ID", async () => {
        await kind.create(call(), inputs, true);
        await expect(kind.create(recordedCall(TYPE, "second"), named, true)).rejects.toThrow(CLAIMED);
        await nextPhase();

        await kind.create(call(), named, true);
        await expect(kind.create(recordedCall(TYPE, "second"), inputs, true)).rejects.toThrow(CLAIMED);
      });

      it("a preview refuses a second key on the tunnel of a resource that keeps its own", async () => {
        const olds = await createNamed();
        await nextPhase();
        await kind.diff(call(), olds, named);

        await expect(kind.create(recordedCall(TYPE, "second"), inputs, true)).rejects.toThrow(CLAIMED);
      });
    });

    it("check() refuses a second resource of its name", () => {
      kind.check(recordedCall(TYPE, "first"), named);

      expect(kind.check(recordedCall(TYPE, "second"), { ...named }).failures).toEqual([
        {
          property: "ipsecTunnelName",
          reason:
            'already belongs to IpsecTunnelPsk "first": remove one of the two, because a tunnel has one key, and each resource would overwrite the key of the other',
        },
      ]);
    });
  });

  describe("read()", () => {
    it("marks what someone else rotated, keeps the key and the marks, and says so under the resource", async () => {
      const olds = await create({ rotationTriggers: { ticket: new Secret("fake") }, rotateAfterDays: 90 });
      simulator.rotate(tunnelId());
      await nextPhase();
      const refresh = call();

      expect(await kind.read(refresh, olds)).toEqual({
        ...olds.outputs,
        status: "superseded",
        supersededOn: expect.any(String) as string,
      });
      expect(refresh.written).toEqual([
        expect.stringMatching(/^info: someone else rotated the key at .* `pulumi up` /),
      ]);
    });

    it("adds to a state of the dynamic resource what follows from it, and takes away its provider's text", async () => {
      const { outputs } = await create();
      const { fqdnId, userFqdnId, keyId, ...dynamic } = outputs;
      await nextPhase();

      expect(await kind.read(call(), { inputs, outputs: { ...dynamic, __provider: "text" } })).toEqual(outputs);
      expect([fqdnId, userFqdnId, keyId]).not.toContain(undefined);
    });

    it("finds that the tunnel is gone", async () => {
      const olds = await create();
      simulator.removeTunnel(tunnelId());
      await nextPhase();

      expect(await kind.read(call(), olds)).toBeUndefined();
    });

    it("refuses an import in plain words", async () => {
      await expect(kind.read(call(), { inputs: {}, outputs: {} })).rejects.toThrow(
        'Cannot read or import IpsecTunnelPsk "branch-1": Cloudflare shows a key only once (ERR_INVALID_INPUT)',
      );
    });
  });

  describe("errors", () => {
    it("name the stack's configuration by the key that this provider reads", async () => {
      await configure({ apiToken: "Bearer fake" });

      await expect(create()).rejects.toThrow("stack config cloudflare-ipsec-psk:apiToken");
    });

    it("name an explicit provider", async () => {
      await configure({ apiToken: "Bearer fake" }, "urn:pulumi:dev::demo::pulumi:providers:cloudflare-ipsec-psk::emea");

      await expect(create()).rejects.toThrow('apiToken of Provider "emea"');
    });

    it("say without credentials which key to set", async () => {
      provider.configure({ baseUrl: simulator.url }, undefined);
      kind = await provider.kindOf(TYPE);

      await expect(create()).rejects.toThrow("pulumi config set --secret cloudflare-ipsec-psk:apiToken");
    });
  });
});

async function until(isReached: () => boolean): Promise<void> {
  while (!isReached()) await new Promise((resolve) => setImmediate(resolve));
}
