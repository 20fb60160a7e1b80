import { createRateLimiter } from "../../src/cloudflare/rate-limiter";
import { createTunnelLists } from "../../src/cloudflare/tunnel-lists";
import { createProvider, type Provider } from "../../src/native/provider";
import type { Outcome, ResourceKind } from "../../src/native/resource-kind";
import { type Properties, Secret } from "../../src/native/wire";
import { createCancellation } from "../../src/connection/cancellation";
import { INTERNAL_VARIABLE } from "../../src/connection/settings";
import { startDeadline } from "../../src/psk/deadline";
import { PartialFailure } from "../../src/psk/partial-failure";
import { faults, type Simulator, startSimulator } from "../../src/simulator";
import { recordedCall, recordLines } from "./recorded-call";

// Long enough that a test which waits them out fails.
const FOR_EVER_MS = 3_600_000;
const TYPE = "cloudflare-ipsec-psk:index:IpsecTunnelPsk";

describe("createCancellation()", () => {
  it("ends the waits that are under way, and those to come", async () => {
    const { cancel, sleep, throwIfCancelled } = createCancellation();
    const before = sleep(FOR_EVER_MS);
    expect(throwIfCancelled).not.toThrow();
    cancel();

    await expect(before).rejects.toMatchObject({ code: "ERR_CANCELLED", nextStep: "retry" });
    await expect(sleep(FOR_EVER_MS)).rejects.toMatchObject({ code: "ERR_CANCELLED" });
    await expect(sleep(0)).rejects.toMatchObject({ code: "ERR_CANCELLED" });
    expect(throwIfCancelled).toThrow("Cannot continue: the run was cancelled");
  });

  it("does not shorten a wait that nothing cancels", async () => {
    await expect(createCancellation().sleep(1)).resolves.toBeUndefined();
  });
});

describe("a cancelled wait", () => {
  it("of a deadline counts as if there were no time", async () => {
    const { cancel, sleep } = createCancellation();
    const slept = startDeadline({ now: () => 0, sleep }, 2 * FOR_EVER_MS).sleep(FOR_EVER_MS);
    cancel();

    expect(await slept).toBe(false);
  });

  it("for Cloudflare's limit fails everyone who waits, and whoever comes later", async () => {
    const { cancel, sleep } = createCancellation();
    const limiter = createRateLimiter({ now: () => 0, sleep });
    const pass = await limiter.enter(() => undefined);
    pass.leave({ status: 429, headers: { "retry-after": "300" } });
    const waiting = [limiter.enter(() => undefined), limiter.enter(() => undefined)];
    cancel();

    for (const entered of waiting) await expect(entered).rejects.toMatchObject({ code: "ERR_CANCELLED" });
    await expect(limiter.enter(() => undefined)).rejects.toMatchObject({ code: "ERR_CANCELLED" });
  });

  it("for others to share a read sends the read", async () => {
    const { cancel, sleep } = createCancellation();
    const tunnel = { accountId: "0".repeat(32), ipsecTunnelId: "1".repeat(32) };
    const lists = createTunnelLists({
      now: () => 0,
      list: () => Promise.resolve({ tunnels: [], named: [], unreadable: new Map() }),
      get: () => Promise.resolve({ id: tunnel.ipsecTunnelId }),
      sleep,
      lagWaitMs: 0,
      batchWaitMs: FOR_EVER_MS,
      quietMs: FOR_EVER_MS,
      parallel: 8,
    });
    // One that is under way, which the read waits for.
    void lists.duringChange(() => new Promise(() => undefined));
    const read = lists.readAfter(tunnel, { announce: () => undefined });
    cancel();

    expect(await read).toEqual({ id: tunnel.ipsecTunnelId });
  });
});

describe("Cancel", () => {
  let simulator: Simulator;
  let provider: Provider;
  let kind: ResourceKind;
  let inputs: Properties;
  let call: ReturnType<typeof recordedCall>;

  beforeEach(async () => {
    process.env[INTERNAL_VARIABLE] = JSON.stringify({ backoffMs: FOR_EVER_MS, lagWaitMs: 100_000 });
    simulator = await startSimulator();
    inputs = { accountId: simulator.accountId, ipsecTunnelId: simulator.addTunnel() };
    provider = createProvider({ lines: recordLines(), engineAddress: () => "" });
    const values = { apiToken: simulator.apiToken, baseUrl: simulator.url, lostResponseWaitMs: "200000" };
    provider.configure(values, undefined);
    kind = await provider.kindOf(TYPE);
    call = recordedCall(TYPE);
  });

  afterEach(async () => {
    Reflect.deleteProperty(process.env, INTERNAL_VARIABLE);
    await simulator.close();
  });

  const sent = () => simulator.requests().map(({ operation }) => operation);
  const answered = (count: number) =>
    until(() => simulator.requests().filter(({ status }) => status !== undefined).length >= count);

  it("ends the wait before an attempt is repeated, which is not sent", async () => {
    simulator.fault(faults.throttledWithoutStatus(), { operations: ["generate"], times: Infinity });
    const created = kind.create(call, inputs, false);
    await until(() => call.written.some((line) => line.includes("trying again in")));
    provider.cancel();

    await expect(created).rejects.toThrow("ERR_CANCELLED");
    expect(sent()).toEqual(["generate"]);
    expect(simulator.keyAtEdge(inputs.ipsecTunnelId as string)).toBeUndefined();
  });

  it("ends the wait for a lagging read, and keeps the received key as unverified", async () => {
    simulator.fault({ kind: "stale" }, { operations: ["get", "list"], times: Infinity });
    const created = kind.create(call, inputs, false);
    await answered(2);
    provider.cancel();
    const { outputs } = await created;

    expect(outputs).toMatchObject({
      psk: new Secret(simulator.keyAtEdge(inputs.ipsecTunnelId as string)),
      status: "unverified",
    });
  });

  it("ends the wait for a late request, and keeps in the state that the key is lost", async () => {
    const { outputs } = await kind.create(call, { ...inputs, rotationTriggers: { quarter: "Q1" } }, false);
    simulator.clearRequests();
    simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"] });
    const olds = { inputs, outputs };
    const updated = kind.update(call, olds, { ...inputs, rotationTriggers: { quarter: "Q2" } }, false);
    await until(() => call.written.length > 0 || simulator.requests().some(({ tookEffect }) => tookEffect));
    provider.cancel();
    const failure: unknown = await updated.catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(PartialFailure);
    expect((failure as PartialFailure<Outcome>).kept.outputs).toEqual({ ...outputs, status: "lost" });
    expect(sent()).toEqual(["generate"]);
  });

  it("does not end a request that was sent, and keeps what it brings", async () => {
    simulator.fault({ kind: "delay", ms: 300, before: "response" }, { operations: ["generate"] });
    const created = kind.create(call, inputs, false);
    await until(() => sent().includes("generate"));
    provider.cancel();

    expect((await created).outputs).toMatchObject({
      psk: new Secret(simulator.keyAtEdge(inputs.ipsecTunnelId as string)),
      status: "active",
    });
  });

  it("ends the wait in a refresh, which keeps the state as it is", async () => {
    const { outputs } = await kind.create(call, inputs, false);
    const keyless = { ...outputs, lastGeneratedOn: "2026-03-01T12:00:00Z" };
    const ipsecTunnelId = simulator.addTunnel();
    const read = kind.read(call, { inputs, outputs: { ...keyless, ipsecTunnelId } });
    simulator.clearRequests();
    await until(() => sent().includes("get"));
    await answered(2);
    provider.cancel();

    await expect(read).rejects.toThrow("ERR_CANCELLED");
  });
});

async function until(isReached: () => boolean): Promise<void> {
  while (!isReached()) await new Promise((resolve) => setImmediate(resolve));
}
