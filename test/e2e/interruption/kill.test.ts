import { ConcurrentUpdateError } from "@pulumi/pulumi/automation";
import { type Fault, faults, type Simulator } from "../../../src/simulator";
import { type InterruptibleStack, type Key, startInterruptibleStack, type Victim } from "./interruptible-stack";
import { waitUntil } from "./wait-until";

let stack: InterruptibleStack;
let simulator: Simulator;

async function start(settings: Readonly<Record<string, number>> = {}): Promise<void> {
  stack = await startInterruptibleStack({ settings: { batchWaitMs: 0, ...settings } });
  simulator = stack.simulator;
}

afterEach(async () => {
  const leaks = stack.leaks();
  await stack.close();
  expect(leaks).toEqual([]);
});

const generationsOf = ({ ipsecTunnelId }: Key) =>
  simulator.requests().filter(({ operation, tunnelId }) => operation === "generate" && tunnelId === ipsecTunnelId);
const reads = () => simulator.requests().filter(({ operation }) => operation === "list" || operation === "get");

async function expectConvergence(keys: readonly Key[]): Promise<void> {
  await stack.up(keys, { refresh: true });
  for (const key of keys) {
    expect({ name: key.name, ...(await stack.stored(key.name)) }).toEqual({
      name: key.name,
      psk: simulator.keyAtEdge(key.ipsecTunnelId),
      status: "active",
    });
  }
  expect(await stack.pendingOperations()).toEqual([]);
}

describe("kill -9 with requests sent, effects done and answers received, of creations and updates", () => {
  const pendingAfterwards = [
    "creating created: answer received",
    "creating created: effect done",
    "creating created: request sent",
    "updating updated: answer received",
    "updating updated: effect done",
    "updating updated: request sent",
  ];

  it.each<[Victim, { locks: number; pending: readonly string[] }]>([
    ["CLI", { locks: 1, pending: pendingAfterwards }],
    ["program", { locks: 1, pending: pendingAfterwards }],
    ["provider", { locks: 0, pending: [] }],
  ])("of the %s: after the repair, the next up --refresh has every key right", async (victim, left) => {
    await start();
    const updated = ["request sent", "effect done", "answer received"].map((at) => stack.addKey(`updated: ${at}`));
    await stack.up(updated);
    const created = ["request sent", "effect done", "answer received"].map((at) => stack.addKey(`created: ${at}`));
    const keys = [...updated.map((key) => ({ ...key, trigger: "2" })), ...created].map((key) => ({
      ...key,
      after: "first",
    }));
    // A process learns Cloudflare's limit from its first answer, before it sends anything else.
    const first = stack.addKey("first");
    simulator.clearRequests();
    const at = (point: string) => keys.filter(({ name }) => name.endsWith(point));
    for (const { ipsecTunnelId: tunnelId } of at("request sent")) {
      simulator.fault({ kind: "delay", ms: 3_000, before: "effect" }, { operations: ["generate"], tunnelId });
    }
    for (const { ipsecTunnelId: tunnelId } of at("effect done")) {
      simulator.fault({ kind: "delay", ms: 60_000, before: "answer" }, { operations: ["generate"], tunnelId });
    }
    const liftSlowReads = [
      { operations: ["list"] as const },
      ...at("answer received").map(({ ipsecTunnelId: tunnelId }) => ({ operations: ["get"] as const, tunnelId })),
    ].map((where) => simulator.fault({ kind: "delay", ms: 60_000, before: "answer" }, { ...where, times: Infinity }));

    const run = stack.start([first, ...keys], { parallel: 16 });
    await waitUntil("every key is at its point", () => {
      const seen = (point: string, holds: (seen: ReturnType<typeof generationsOf>[number]) => boolean) =>
        at(point).every((key) => generationsOf(key).some(holds));
      return (
        seen("request sent", ({ tookEffect }) => !tookEffect) &&
        seen("effect done", ({ tookEffect, status }) => tookEffect && status === undefined) &&
        seen("answer received", ({ status }) => status === 200) &&
        reads().some(({ status }) => status === undefined)
      );
    });
    run.aim(victim)();
    await run.ended;
    await waitUntil("what was sent takes effect", () =>
      at("request sent").every((key) => generationsOf(key).every(({ tookEffect }) => tookEffect)),
    );
    liftSlowReads.forEach((lift) => {
      lift();
    });

    expect(stack.locks()).toHaveLength(left.locks);
    expect(await stack.pendingOperations()).toEqual(left.pending);
    await stack.repair();
    for (const key of [first, ...keys]) expect(generationsOf(key)).toHaveLength(1);
    await expectConvergence([first, ...keys]);
    expect(generationsOf(first)).toHaveLength(1);
  });
});

describe("kill -9 of the CLI just when a creation and an update are verified", () => {
  it("keeps the keys or forgets them; after the repair, the next up --refresh has both right", async () => {
    await start();
    const updated = stack.addKey("updated");
    await stack.up([updated]);
    const keys = [{ ...updated, trigger: "2" }, stack.addKey("created")];
    simulator.clearRequests();
    simulator.fault({ kind: "delay", ms: 500, before: "answer" }, { operations: ["list", "get"], times: Infinity });

    const run = stack.start(keys);
    await waitUntil("the keys are being verified", () => reads().length > 0);
    const strike = run.aim("CLI");
    await waitUntil("a key is verified", () => reads().some(({ status }) => status === 200));
    strike();
    await run.ended;

    await stack.repair();
    await expectConvergence(keys);
  });
});

describe("an orphan, whose engine was killed", () => {
  it.each<[string, number, Fault]>([
    ["waits for stragglers after a lost answer", 2, { kind: "reset", effect: true }],
    ["waits because Cloudflare throttles it", 2, faults.throttled({ retryAfterSeconds: 3 })],
  ])("that %s starts no generation after that", async (_waits, sent, fault) => {
    const waitMs = 3_000;
    await start({ lostResponseWaitMs: waitMs });
    const key = stack.addKey("key");
    simulator.fault(fault, { operations: ["generate"], times: Infinity });

    const run = stack.start([key]);
    // While the engine lives, it does.
    await waitUntil("it has generated again", () => generationsOf(key).length === sent);
    run.aim("CLI")();
    await run.ended;
    const lastSentAt = Math.max(...generationsOf(key).map(({ at }) => at));
    // Cloudflare's wait is lengthened by up to a second.
    await waitUntil("its wait is long over", () => Date.now() > lastSentAt + waitMs + 3_000);

    expect(generationsOf(key)).toHaveLength(sent);
    expect(run.providers()).toHaveLength(1);
  });
});

describe("Ctrl-C", () => {
  async function untilGenerating(key: Key) {
    simulator.fault({ kind: "delay", ms: 2_000, before: "answer" }, { operations: ["generate"] });
    const run = stack.start([key]);
    await waitUntil("a key is generated", () => generationsOf(key).some(({ tookEffect }) => tookEffect));
    return run;
  }

  it("once, to the CLI alone: what is under way is finished and saved, and the lock released", async () => {
    await start();
    const key = stack.addKey("key");
    const run = await untilGenerating(key);

    run.aim("CLI", "SIGINT")();
    const { succeeded } = await run.ended;

    expect(succeeded).toBe(false);
    expect(stack.locks()).toEqual([]);
    expect(await stack.pendingOperations()).toEqual([]);
    expect(await stack.stored("key")).toEqual({ psk: simulator.keyAtEdge(key.ipsecTunnelId), status: "active" });
  });

  // The CLI lives until it writes to the program that has gone: mostly at once, sometimes after it has cleaned up.
  it("to an Automation API program without a SIGINT handler: the CLI ends, and the repair is right", async () => {
    await start();
    const key = stack.addKey("key");
    const run = await untilGenerating(key);

    run.pressCtrlC();
    const { succeeded } = await run.ended;
    await waitUntil("its CLI has gone", () => !run.hasCli());

    expect(succeeded).toBe(false);
    await stack.repair();
    await expectConvergence([key]);
  });
});

describe("two pulumi up at once on one stack", () => {
  it("lets one generate, and refuses the other, which sends nothing", async () => {
    await start();
    const key = stack.addKey("key");
    simulator.fault({ kind: "delay", ms: 5_000, before: "effect" }, { operations: ["generate"] });

    const first = stack.start([key]);
    await waitUntil("the first one generates", () => generationsOf(key).length === 1);
    const second = stack.up([{ ...key, trigger: "2" }]);

    await expect(second).rejects.toThrow(ConcurrentUpdateError);
    expect(await first.ended).toMatchObject({ succeeded: true });
    expect(generationsOf(key)).toHaveLength(1);
    expect(await stack.stored("key")).toEqual({ psk: simulator.keyAtEdge(key.ipsecTunnelId), status: "active" });
  });
});
