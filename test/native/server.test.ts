import { createServer } from "node:http";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { status } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import schema from "../../src/native/schema.json";
import { VERSION } from "../../src/version";
import { type Simulator, startSimulator } from "../../src/simulator";
import { findLeaks } from "../support/leaks";
import { closedPort, listenOnLoopback } from "../support/loopback-server";
import {
  type FakeEngine,
  KeptByEngine,
  type NativePlugin,
  respond,
  secretOnWire,
  startFakeEngine,
  startNativePlugin,
  struct,
  valuesIn,
  type WireProperties,
} from "../support/native-plugin";
import { waitUntil } from "../support/wait-until";

const URN = "urn:pulumi:dev::demo::cloudflare-ipsec-psk:index:IpsecTunnelPsk::branch-1";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("the plugin", () => {
  let simulator: Simulator;
  let engine: FakeEngine;
  let plugin: NativePlugin;
  let inputs: WireProperties;

  beforeEach(async () => {
    simulator = await startSimulator();
    engine = await startFakeEngine();
    plugin = await start();
    inputs = { accountId: simulator.accountId, ipsecTunnelId: simulator.addTunnel({ name: "branch-1" }) };
  });

  afterEach(async () => {
    await plugin.close();
    await engine.close();
    await simulator.close();
  });

  // As the engine does: its flags come first.
  async function start(env: Readonly<Record<string, string>> = {}): Promise<NativePlugin> {
    const started = await startByHand(env, [
      "--logtostderr",
      "-v=9",
      "--tracing",
      "http://127.0.0.1:1",
      engine.address,
    ]);
    await started.handshake(engine.address);
    return started;
  }

  // As for `PULUMI_DEBUG_PROVIDERS`: an engine attaches later.
  async function startByHand(env: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
    const fast = { lagWaitMs: 1, backoffMs: 1, batchWaitMs: 1, maxGenerations: 2 };
    const started = await startNativePlugin({
      args,
      env: { PULUMI_CLOUDFLARE_IPSEC_PSK_INTERNAL: JSON.stringify(fast), ...env },
    });
    await started.configure(configuration());
    return started;
  }

  async function restartByHand(): Promise<void> {
    await plugin.close();
    plugin = await startByHand();
  }

  const configuration = () => ({
    apiToken: secretOnWire(simulator.apiToken),
    baseUrl: simulator.url,
    lostResponseWaitMs: "1",
  });

  const ids = () => inputs as { readonly accountId: string; readonly ipsecTunnelId: string };
  const keyAtEdge = () => simulator.keyAtEdge(ids().ipsecTunnelId);

  describe("answers an engine", () => {
    it("that shakes hands, and an older one that does not, that secrets are accepted and previews supported", async () => {
      const shaken = await plugin.handshake(engine.address);
      expect([shaken.getAcceptSecrets(), shaken.getAcceptResources()]).toEqual([true, true]);

      const configured = await plugin.configure(configuration());
      expect([configured.getAcceptsecrets(), configured.getSupportspreview()]).toEqual([true, true]);
      expect(configured.getAcceptresources()).toBe(true);
    });

    it("with its version and its schema", async () => {
      const info = await respond<PluginInfo>((done) => plugin.client.getPluginInfo(new Empty(), done));
      const response = await respond<messages.GetSchemaResponse>((done) =>
        plugin.client.getSchema(new messages.GetSchemaRequest(), done),
      );

      expect(info.getVersion()).toBe(VERSION);
      expect(JSON.parse(response.getSchema())).toEqual(schema);
    });

    it("that a changed configuration replaces nothing, because that would replace every key", async () => {
      const olds = new messages.DiffRequest().setUrn("urn:pulumi:dev::demo::pulumi:providers:x::emea");
      const diff = await respond<messages.DiffResponse>((done) => plugin.client.diffConfig(olds, done));

      expect(diff.toObject()).toMatchObject({ replacesList: [], changes: 0, hasdetaileddiff: false });
    });

    it("with mistakes in its configuration, and with encrypted credentials", async () => {
      const request = new messages.CheckRequest().setUrn("urn:pulumi:dev::demo::pulumi:providers:x::emea");
      const news = { apiToken: "fake-token", detectDrift: "perhaps" };
      const checked = await respond<messages.CheckResponse>((done) =>
        plugin.client.checkConfig(request.setNews(struct(news)), done),
      );

      expect(valuesIn(checked.getInputs())).toEqual({ ...news, apiToken: secretOnWire("fake-token") });
      expect(checked.getFailuresList().map((failure) => failure.getProperty())).toEqual([""]);
    });

    it.each(["parameterize", "call", "construct", "getMapping", "getMappings"] as const)(
      "that %s is not implemented",
      async (method) => {
        const requests = {
          parameterize: new messages.ParameterizeRequest(),
          call: new messages.CallRequest(),
          construct: new messages.ConstructRequest(),
          getMapping: new messages.GetMappingRequest(),
          getMappings: new messages.GetMappingsRequest(),
        };
        const ask = plugin.client[method].bind(plugin.client) as (
          request: unknown,
          done: (error: { code: number } | null) => void,
        ) => void;
        const code = await new Promise((resolve) => {
          ask(requests[method], (error) => {
            resolve(error?.code);
          });
        });

        expect(code).toBe(status.UNIMPLEMENTED);
      },
    );

    it("that deleting is done, and sends nothing", async () => {
      await respond((done) => plugin.client.delete(new messages.DeleteRequest().setUrn(URN), done));

      expect(simulator.requests()).toEqual([]);
    });

    it("with failures that are no failure of the plugin", async () => {
      await expect(plugin.create(URN, { ...inputs, ipsecTunnelId: "0".repeat(32) })).rejects.toMatchObject({
        message: expect.stringContaining("ERR_TUNNEL_NOT_FOUND") as string,
        code: status.FAILED_PRECONDITION,
      });
      await expect(plugin.create("urn:pulumi:dev::demo::other:index:Type::x", inputs)).rejects.toThrow("Cannot find");
    });
  });

  describe("lives a life", () => {
    it("from a preview to a refresh, with the edge's key in the state at each step", async () => {
      const checked = await plugin.check(URN, { ...inputs, rotationTriggers: { quarter: "Q1" }, conduitId: null });
      const news = valuesIn(checked.getInputs());
      expect(news).toEqual({ ...inputs, rotationTriggers: { quarter: "Q1" } });

      const previewed = await plugin.create(URN, news, { preview: true });
      expect(previewed.outputs).toMatchObject({ psk: secretOnWire(UNKNOWN), status: UNKNOWN });
      const created = await plugin.create(URN, news);
      expect(created.outputs.psk).toEqual(secretOnWire(keyAtEdge()));

      const rotated = { ...inputs, rotationTriggers: { quarter: "Q2" } };
      const diff = await plugin.diff(URN, created.outputs, { olds: news, news: rotated });
      expect(diff.toObject()).toMatchObject({
        changes: messages.DiffResponse.DiffChanges.DIFF_SOME,
        diffsList: ["rotationTriggers"],
        detaileddiffMap: [["rotationTriggers.quarter", { kind: messages.PropertyDiff.Kind.UPDATE, inputdiff: true }]],
        hasdetaileddiff: true,
      });
      const updated = await plugin.update(URN, created.outputs, { olds: news, news: rotated });
      expect(updated.psk).toEqual(secretOnWire(keyAtEdge()));

      const read = await plugin.read(URN, created.id, rotated, updated);
      expect([read.getId(), valuesIn(read.getProperties()), valuesIn(read.getInputs())]).toEqual([
        created.id,
        updated,
        rotated,
      ]);
      const same = await plugin.diff(URN, updated, { olds: rotated, news: rotated });
      expect(same.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_NONE);
    });

    it("until the tunnel is gone, which a refresh tells by an empty response", async () => {
      const { id, outputs } = await plugin.create(URN, inputs);
      simulator.removeTunnel(ids().ipsecTunnelId);

      expect((await plugin.read(URN, id, inputs, outputs)).getId()).toBe("");
    });

    it("and takes the time of customTimeouts in seconds", async () => {
      await plugin.configure({ ...configuration(), lostResponseWaitMs: "60000" });
      simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"] });

      await expect(plugin.create(URN, inputs, { timeout: 60 })).rejects.toThrow("ERR_OUTCOME_UNKNOWN");
    });
  });

  describe("writes its lines", () => {
    it("under the resource, in their order, before it answers", async () => {
      await restartByHand();
      const slow = await startFakeEngine({ delayMs: 100 });
      await plugin.handshake(slow.address);
      simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"] });
      simulator.fault({ kind: "response", status: 403 }, { operations: ["get", "list"], times: Infinity });
      await plugin.create(URN, inputs);

      expect(slow.lines()).toEqual([
        { urn: URN, severity: "info", text: expect.stringContaining("generating a new key") as string },
        { urn: URN, severity: "info", text: expect.stringContaining("could not be verified") as string },
        { urn: URN, severity: "warning", text: expect.stringContaining("has not been verified yet") as string },
      ]);
      await slow.close();
    });

    it("past the proxy that the environment names", async () => {
      const proxy = await listenOnLoopback(createServer());
      const address = `http://127.0.0.1:${proxy.port}`;
      const behind = await start({ https_proxy: address, http_proxy: address, grpc_proxy: address });
      await behind.create(URN, inputs, { preview: true });

      expect(engine.lines().map(({ severity }) => severity)).toEqual(["info"]);
      expect(proxy.connections()).toBe(0);
      await behind.close();
      await proxy.close();
    });

    it("to an engine that confirms none, and waits for it once", async () => {
      await restartByHand();
      const deaf = await startFakeEngine({ delayMs: Infinity });
      await plugin.handshake(deaf.address);
      const startedAt = Date.now();
      simulator.fault({ kind: "response", status: 403 }, { operations: ["get", "list"], times: Infinity });
      const { outputs } = await plugin.create(URN, inputs);
      await plugin.create(URN, { ...inputs, ipsecTunnelId: simulator.addTunnel() });

      expect(outputs.psk).toEqual(secretOnWire(keyAtEdge()));
      expect(Date.now() - startedAt).toBeLessThan(8_000);
      await deaf.close();
    });

    it("to nobody if no engine listens, and fails nothing because of it", async () => {
      await restartByHand();
      await plugin.handshake(`127.0.0.1:${await closedPort()}`);

      expect((await plugin.create(URN, inputs, { preview: true })).outputs.psk).toEqual(secretOnWire(UNKNOWN));
    });

    it("to an engine that is attached later", async () => {
      await restartByHand();
      const later = await startFakeEngine();
      await plugin.attach(later.address);
      await plugin.create(URN, inputs, { preview: true });

      expect(later.lines()).toHaveLength(1);
      await later.close();
    });

    it("only to the engine that has started it, if one has", async () => {
      const other = await startFakeEngine();
      await plugin.attach(other.address);
      await plugin.handshake(other.address);
      await plugin.create(URN, inputs, { preview: true });

      expect([engine.lines().length, other.lines().length]).toEqual([1, 0]);
      await other.close();
    });
  });

  describe("tells what to keep of a failure", () => {
    const lose = () => simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"], times: Infinity });
    const failureOf = async (outcome: Promise<unknown>): Promise<KeptByEngine> => {
      const failure: unknown = await outcome.catch((error: unknown) => error);
      if (!(failure instanceof KeptByEngine)) throw new Error("The test expects a kept failure", { cause: failure });
      return failure;
    };

    it("with the state, the key encrypted, and the reason", async () => {
      const olds = { ...inputs, rotationTriggers: { ticket: secretOnWire("fake") } };
      const { id, outputs } = await plugin.create(URN, olds);
      lose();
      const failed = plugin.update(URN, outputs, { olds, news: { ...inputs, rotationTriggers: { ticket: "public" } } });

      expect(await failureOf(failed)).toMatchObject({
        id,
        properties: { ...outputs, status: "lost" },
        reasons: [expect.stringContaining("ERR_OUTCOME_UNKNOWN") as string],
      });
    });

    // It travels as a header: this is what Node.js takes as a client. The engine takes more.
    it("even if it is large", async () => {
      const rotationTriggers = { large: "x".repeat(40_000) };
      const olds = { ...inputs, rotationTriggers };
      const { outputs } = await plugin.create(URN, olds);
      lose();
      const failed = plugin.update(URN, outputs, { olds, news: inputs });

      expect((await failureOf(failed)).properties).toEqual({ ...outputs, status: "lost" });
    });
  });

  it("generates nothing for an engine that has exited", async () => {
    await restartByHand();
    await plugin.handshake(`127.0.0.1:${await closedPort()}`);

    await expect(plugin.create(URN, inputs)).rejects.toThrow("ERR_ENGINE_GONE");
    expect(keyAtEdge()).toBeUndefined();
  });

  it("exits after an engine that was killed", async () => {
    const exited = new Promise((resolve) => plugin.process.once("exit", resolve));
    await engine.close();
    plugin.process.stdin?.end();

    expect(await exited).toBe(1);
  });

  it("stays with an engine that only closes its input", async () => {
    plugin.process.stdin?.end();

    expect((await plugin.create(URN, inputs)).outputs.psk).toEqual(secretOnWire(keyAtEdge()));
  });

  it("ends its waits when it is cancelled", async () => {
    await plugin.configure({ ...configuration(), lostResponseWaitMs: "200000" });
    simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"], times: Infinity });
    const failed = expect(plugin.create(URN, inputs)).rejects.toThrow("ERR_OUTCOME_UNKNOWN");
    await waitUntil("a generated key", () => keyAtEdge() !== undefined);
    await plugin.cancel();

    await failed;
  });

  it("prints no warning of Node.js while many keys wait at the same time", async () => {
    await plugin.configure({ ...configuration(), lostResponseWaitMs: "200000" });
    simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"], times: Infinity });
    const ids = Array.from({ length: 24 }, () => simulator.addTunnel());
    const all = ids.map((ipsecTunnelId) => plugin.create(URN, { ...inputs, ipsecTunnelId }));
    await waitUntil("every response is lost", () => ids.every((id) => simulator.keyAtEdge(id) !== undefined));
    await plugin.cancel();
    await Promise.allSettled(all);

    expect(await plugin.close()).toBe("");
  });

  it("shows no key and no token in a line, a failure or its output", async () => {
    const { outputs } = await plugin.create(URN, { ...inputs, rotationTriggers: { quarter: "Q1" } });
    simulator.fault({ kind: "altered", change: "withoutTunnelId" }, { operations: ["generate"] });
    simulator.fault({ kind: "response", status: 403 }, { operations: ["get", "list"], times: Infinity });
    const texts = [JSON.stringify(await plugin.diff(URN, outputs, { olds: inputs, news: inputs }))];
    await plugin.update(URN, outputs, { olds: inputs, news: inputs }).catch((error: unknown) => {
      texts.push(String(error));
    });
    simulator.revokeToken(simulator.apiToken);
    await plugin.create(URN, inputs).catch((error: unknown) => {
      texts.push(String(error));
    });
    const printed = await plugin.close();

    expect(texts).toHaveLength(2);
    expect(printed).toBe("");
    const said = [...texts, printed, JSON.stringify(engine.lines())].join("\n");
    expect(findLeaks(new Map([["said", said]]), [...simulator.issuedKeys(), simulator.apiToken])).toEqual([]);
  });
});
