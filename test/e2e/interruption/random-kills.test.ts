import { setTimeout as sleep } from "node:timers/promises";
import { closeWithoutLeaks, KINDS } from "../../support/engine";
import { createSeededRandom } from "../../support/seeded-random";
import { waitUntil } from "../../support/wait-until";
import { type InterruptibleStack, startInterruptibleStack } from "./interruptible-stack";
import type { Victim } from "./running-up";

const KILLS = Number(process.env.KILLS ?? 2);
const SEED = Number(process.env.SEED ?? 1);
const VICTIMS: readonly Victim[] = ["CLI", "program", "provider"];

describe.each(KINDS)("with the $kind provider:", (kind) => {
  let stack: InterruptibleStack;

  beforeAll(async () => {
    // Slow enough that a creation takes as long as all the rest of an `up`.
    stack = await startInterruptibleStack({ kind, simulator: { latencyMs: 300 }, internal: { batchWaitMs: 100 } });
  });

  afterAll(() => closeWithoutLeaks(stack));

  describe("kill -9 at random moments of a creation and an update", () => {
    it(
      `converges after each of ${KILLS} kills (seed ${SEED}; set KILLS and SEED for others)`,
      async () => {
        const random = createSeededRandom(SEED);
        const { simulator } = stack;
        const updated = stack.addKey("updated");
        const begin = Date.now();
        await stack.start([updated]).ended;
        const wholeRunMs = Date.now() - begin;
        let landed = 0;

        for (let round = 1; round <= KILLS; round++) {
          const keys = [{ ...updated, trigger: `round ${round}` }, stack.addKey(`created-${round}`)];
          const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? "CLI";
          const fromFirstRequest = random() < 0.7;
          const delayMs = random() * (fromFirstRequest ? 1_200 : wholeRunMs);
          const moment = `${victim}, ${Math.round(delayMs)} ms after ${fromFirstRequest ? "its first request" : "its start"}`;
          simulator.clearRequests();

          const run = stack.start(keys);
          if (fromFirstRequest) await waitUntil("something is sent", () => simulator.requests().length > 0);
          await sleep(delayMs);
          run.aim(victim)();
          if (!(await run.ended).succeeded) landed += 1;
          await waitUntil("nothing is on its way", () =>
            simulator.requests().every(({ operation, tookEffect }) => operation !== "generate" || tookEffect),
          );

          await stack.repair();
          await stack.up(keys, { refresh: true });
          for (const { name, ipsecTunnelId } of keys) {
            const stored = await stack.stored(name);
            expect({ moment, name, ...stored }).toEqual({
              moment,
              name,
              psk: simulator.keyAtEdge(ipsecTunnelId),
              status: "active",
            });
          }
        }
        expect(landed).toBeGreaterThan(0);
      },
      60_000 + KILLS * 60_000,
    );
  });
});
