import { ConcurrentUpdateError } from "@pulumi/pulumi/automation";
import type { Settings } from "../../../src/connection/settings";
import { type Fault, faults, type Simulator } from "../../../src/simulator";
import { closeWithoutLeaks, type Kind, KINDS, NATIVE } from "../../support/engine";
import { waitUntil } from "../../support/wait-until";
import { type InterruptibleStack, type Key, startInterruptibleStack } from "./interruptible-stack";
import type { Victim } from "./running-up";

/** Where the kinds differ, and why. */
const DIFFERENCES: Readonly<Record<Kind["kind"], { orphans: number; victimsOfSets: readonly Victim[] }>> = {
  // Pulumi's host of dynamic providers lives on.
  dynamic: { orphans: 1, victimsOfSets: ["CLI", "program", "provider"] },
  // The plugin ends as soon as it sees that its engine has gone. What the engine makes of that is the same for both kinds.
  native: { orphans: 0, victimsOfSets: ["provider"] },
};

describe.each(KINDS)("with the $kind provider:", (kind) => {
  let stack: InterruptibleStack;
  let simulator: Simulator;

  async function start(settings: Partial<Settings> = {}): Promise<void> {
    stack = await startInterruptibleStack({ kind, internal: { batchWaitMs: 0, ...settings } });
    simulator = stack.simulator;
  }

  afterEach(() => closeWithoutLeaks(stack));

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

  describe("kill -9 with requests sent, effects done and responses received, of creations and updates", () => {
    const pendingAfterwards = [
      "creating created: effect done",
      "creating created: request sent",
      "creating created: response received",
      "updating updated: effect done",
      "updating updated: request sent",
      "updating updated: response received",
    ];

    it.each<[Victim, { locks: number; pending: readonly string[] }]>([
      ["CLI", { locks: 1, pending: pendingAfterwards }],
      ["program", { locks: 1, pending: pendingAfterwards }],
      ["provider", { locks: 0, pending: [] }],
    ])("of the %s: after the repair, the next up --refresh has every key right", async (victim, left) => {
      await start();
      const updated = ["request sent", "effect done", "response received"].map((at) => stack.addKey(`updated: ${at}`));
      await stack.up(updated);
      const created = ["request sent", "effect done", "response received"].map((at) => stack.addKey(`created: ${at}`));
      const keys = [...updated.map((key) => ({ ...key, trigger: "2" })), ...created].map((key) => ({
        ...key,
        after: "first",
      }));
      // A process learns Cloudflare's limit from its first response, before it sends anything else.
      const first = stack.addKey("first");
      simulator.clearRequests();
      const at = (point: string) => keys.filter(({ name }) => name.endsWith(point));
      for (const { ipsecTunnelId: tunnelId } of at("request sent")) {
        simulator.fault({ kind: "delay", ms: 3_000, before: "effect" }, { operations: ["generate"], tunnelId });
      }
      for (const { ipsecTunnelId: tunnelId } of at("effect done")) {
        simulator.fault({ kind: "delay", ms: 60_000, before: "response" }, { operations: ["generate"], tunnelId });
      }
      const liftSlowReads = [
        { operations: ["list"] as const },
        ...at("response received").map(({ ipsecTunnelId: tunnelId }) => ({ operations: ["get"] as const, tunnelId })),
      ].map((where) =>
        simulator.fault({ kind: "delay", ms: 60_000, before: "response" }, { ...where, times: Infinity }),
      );

      const run = stack.start([first, ...keys], { parallel: 16 });
      await waitUntil("every key is at its point", () => {
        const seen = (point: string, holds: (seen: ReturnType<typeof generationsOf>[number]) => boolean) =>
          at(point).every((key) => generationsOf(key).some(holds));
        return (
          seen("request sent", ({ tookEffect }) => !tookEffect) &&
          seen("effect done", ({ tookEffect, status }) => tookEffect && status === undefined) &&
          seen("response received", ({ status }) => status === 200) &&
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

  describe("kill -9 of the CLI while a creation and an update are verified", () => {
    it("stores the keys or forgets them; after the repair, the next up --refresh has both right", async () => {
      await start();
      const updated = stack.addKey("updated");
      await stack.up([updated]);
      const keys = [{ ...updated, trigger: "2" }, stack.addKey("created")];
      simulator.clearRequests();
      simulator.fault({ kind: "delay", ms: 500, before: "response" }, { operations: ["list", "get"], times: Infinity });

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

  describe("kill -9 of a plain up after someone else rotated the key", () => {
    const victims: readonly Victim[] = ["CLI", "program", "provider"];
    const points = [
      ["its diff reads the list", "list"],
      ["a new key is generated", "generate"],
    ] as const;

    it.each(victims.flatMap((victim) => points.map(([point, operation]) => [victim, point, operation] as const)))(
      "of the %s while %s: after pulumi cancel, the next plain up has the key right",
      async (victim, point, operation) => {
        await start();
        const key = stack.addKey("key");
        await stack.up([key]);
        simulator.rotate(key.ipsecTunnelId);
        simulator.clearRequests();
        simulator.fault({ kind: "delay", ms: 60_000, before: "response" }, { operations: [operation] });

        const run = stack.start([key]);
        await waitUntil(point, () =>
          simulator
            .requests()
            .some((seen) => seen.operation === operation && (operation === "list" || seen.tookEffect)),
        );
        run.aim(victim)();
        await run.ended;
        await waitUntil("the CLI has ended", () => !run.hasCli());
        await stack.cancel();

        await stack.up([key]);

        expect(await stack.stored("key")).toEqual({ psk: simulator.keyAtEdge(key.ipsecTunnelId), status: "active" });
        expect(await stack.pendingOperations()).toEqual([]);
      },
    );
  });

  describe("kill -9 while a key that the program gives is set", () => {
    const OLD = "fake-key-of-the-program-1-for-tests-only";
    const NEW = "fake-key-of-the-program-2-for-tests-only";
    const victims = DIFFERENCES[kind.kind].victimsOfSets;
    const points: readonly (readonly [string, Fault])[] = [
      ["on its way", { kind: "delay", ms: 3_000, before: "effect" }],
      ["active, and the response on its way", { kind: "delay", ms: 60_000, before: "response" }],
    ];
    const setsOf = ({ ipsecTunnelId }: Key) =>
      simulator.requests().filter(({ operation, tunnelId }) => operation === "set" && tunnelId === ipsecTunnelId);

    it.each(
      victims.flatMap((victim) =>
        points.flatMap(([point, fault]) => ["keeps", "reverts"].map((then) => [victim, point, then, fault] as const)),
      ),
    )("of the %s, the key %s: the next plain up of a program that %s the change has the key right", async (...row) => {
      const [victim, point, then, fault] = row;
      await start();
      const old: Key = { ...stack.addKey("key"), psk: OLD };
      await stack.up([old]);
      const changed: Key = { ...old, psk: NEW };
      simulator.clearRequests();
      simulator.fault(fault, { operations: ["set"] });

      const run = stack.start([changed]);
      await waitUntil(point, () =>
        setsOf(changed).some(
          ({ tookEffect }) => tookEffect === (fault.kind === "delay" && fault.before === "response"),
        ),
      );
      run.aim(victim)();
      await run.ended;
      await waitUntil("the CLI has ended", () => !run.hasCli());
      await waitUntil("the key takes effect", () => setsOf(changed).every(({ tookEffect }) => tookEffect));
      expect(simulator.keyAtEdge(changed.ipsecTunnelId)).toBe(NEW);
      await stack.cancel();

      const wanted = then === "keeps" ? changed : old;
      await stack.up([wanted]);

      expect(simulator.keyAtEdge(changed.ipsecTunnelId)).toBe(wanted.psk);
      expect(await stack.stored("key")).toEqual({ psk: wanted.psk, status: "active" });
      expect(await stack.pendingOperations()).toEqual([]);
    });
  });

  describe("an orphan, whose engine was killed", () => {
    it.each<[string, number, Fault]>([
      ["waits for a late request after a lost response", 2, { kind: "reset", effect: true }],
      ["waits because Cloudflare throttles it", 2, faults.throttled({ retryAfterSeconds: 3 })],
    ])("that %s generates no further key", async (_waits, sent, fault) => {
      const waitMs = 3_000;
      await start({ lostResponseWaitMs: waitMs });
      const key = stack.addKey("key");
      simulator.fault(fault, { operations: ["generate"], times: Infinity });

      const run = stack.start([key]);
      // While the engine is running, it does.
      await waitUntil("it has generated again", () => generationsOf(key).length === sent);
      run.aim("CLI")();
      await run.ended;
      const lastSentAt = Math.max(...generationsOf(key).map(({ at }) => at));
      // Cloudflare's wait is lengthened by up to a second.
      await waitUntil("its wait is long over", () => Date.now() > lastSentAt + waitMs + 3_000);

      expect(generationsOf(key)).toHaveLength(sent);
      expect(run.providers()).toHaveLength(DIFFERENCES[kind.kind].orphans);
    });
  });

  describe("Ctrl-C", () => {
    async function untilGenerating(key: Key) {
      simulator.fault({ kind: "delay", ms: 2_000, before: "response" }, { operations: ["generate"] });
      const run = stack.start([key]);
      await waitUntil("a key is generated", () => generationsOf(key).some(({ tookEffect }) => tookEffect));
      return run;
    }

    it("once, to the CLI only: operations in progress are finished and saved, and the lock is released", async () => {
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

    // The CLI ends when it writes to the program that has gone: usually immediately, sometimes after it has cleaned up.
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

  describe("two pulumi up on one stack at the same time", () => {
    it("one generates, and the other is refused and sends nothing", async () => {
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
});

describe("Ctrl-C, with the native provider:", () => {
  let stack: InterruptibleStack;

  afterEach(() => closeWithoutLeaks(stack));

  it("ends the wait for a late request, and sends nothing more", async () => {
    stack = await startInterruptibleStack({ kind: NATIVE, internal: { lostResponseWaitMs: 200_000 } });
    const key = stack.addKey("key");
    const generations = () => stack.simulator.requests().filter(({ operation }) => operation === "generate");
    stack.simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"] });

    const run = stack.start([key]);
    await waitUntil("the response is lost", () => generations().some(({ tookEffect }) => tookEffect));
    run.aim("CLI", "SIGINT")();
    const { succeeded } = await run.ended;

    expect(succeeded).toBe(false);
    expect(generations()).toHaveLength(1);
    expect([stack.locks(), await stack.pendingOperations()]).toEqual([[], []]);
    await stack.up([key]);
    expect(await stack.stored("key")).toEqual({
      psk: stack.simulator.keyAtEdge(key.ipsecTunnelId),
      status: "active",
    });
  });

  it("keeps a key that was received, even if no read confirms it", async () => {
    stack = await startInterruptibleStack({ kind: NATIVE, internal: { lagWaitMs: 200_000 } });
    const key = stack.addKey("key");
    // Reads show nothing of the generation, so the verification waits and reads again.
    stack.simulator.fault({ kind: "stale" }, { operations: ["get", "list"], times: Infinity });

    const run = stack.start([key]);
    await waitUntil("a read has shown nothing", () =>
      stack.simulator.requests().some(({ operation, status }) => operation === "get" && status === 200),
    );
    run.aim("CLI", "SIGINT")();
    await run.ended;

    expect(await stack.pendingOperations()).toEqual([]);
    expect((await stack.stored("key"))?.psk).toBe(stack.simulator.keyAtEdge(key.ipsecTunnelId));
  });
});
