import { createRateLimiter } from "../../src/cloudflare/rate-limiter";
import type { LimitOptions } from "../../src/simulator";
import { fakeApi } from "../simulator/support";
import { createFakeClock } from "../support/fake-clock";
import { createSeededRandom } from "../support/seeded-random";

/** Milliseconds from sending to Cloudflare, and back again: 20 to 180 each, so that responses overtake each other. */
const HOP_MS = { least: 20, spread: 160 };
const ROUND_TRIP_MS = 2 * (HOP_MS.least + HOP_MS.spread / 2);

/** A simulated Cloudflare with one user, and processes that share that user's budget, in virtual time. */
function startFleet(limit: LimitOptions) {
  const clock = createFakeClock();
  const { ask } = fakeApi({ now: clock.now, limit });
  const startedAt = clock.now();
  const random = createSeededRandom(7);
  const hop = () => clock.sleep(HOP_MS.least + Math.floor(random() * HOP_MS.spread));
  const statuses: number[] = [];

  async function exchange() {
    await hop();
    const response = ask("GET", "");
    statuses.push(response.status);
    await hop();
    return response;
  }

  /** One process: `requests` in all, up to `parallel` at a time. */
  async function runProcess(requests: number, parallel: number, startAfterMs = 0): Promise<void> {
    const limiter = createRateLimiter(clock);
    let open = requests;
    await clock.sleep(startAfterMs);
    await Promise.all(
      Array.from({ length: parallel }, async () => {
        while (open-- > 0) {
          const pass = await limiter.enter(() => undefined);
          pass.leave(await exchange());
        }
      }),
    );
  }

  return {
    runProcess,
    /** Another program, which ignores the budget. */
    async runWithoutLimiter(requests: number, parallel: number): Promise<void> {
      const one = async () => {
        for (let open = requests / parallel; open > 0; open--) await exchange();
      };
      await Promise.all(Array.from({ length: parallel }, one));
    },
    /** Runs until all parts are done. */
    async finish(...parts: Promise<void>[]) {
      await clock.runUntil(Promise.all(parts));
      return {
        refused: statuses.filter((status) => status === 429).length,
        accepted: statuses.filter((status) => status === 200).length,
        tookMs: clock.now() - startedAt,
        sleepers: clock.sleepers(),
      };
    },
  };
}

/** The least time that `requests` take: whole windows, and then the rest at full speed. */
function leastMs(requests: number, limit: LimitOptions, parallel: number): number {
  const fullWindows = Math.ceil(requests / limit.requests) - 1;
  const rest = requests - fullWindows * limit.requests;
  return fullWindows * limit.windowMs + (rest / parallel) * ROUND_TRIP_MS;
}

const cloudflares: LimitOptions = { requests: 1_200, windowMs: 300_000, blockMs: 300_000 };
const small: LimitOptions = { requests: 100, windowMs: 10_000, blockMs: 300_000 };

describe("createRateLimiter() in several processes of one user", () => {
  it("sends 2,000 requests of three processes under 1,200 per 300 s in at most 5% more than the least time", async () => {
    const fleet = startFleet(cloudflares);

    const outcome = await fleet.finish(fleet.runProcess(667, 8), fleet.runProcess(667, 8), fleet.runProcess(666, 8));

    expect(outcome).toMatchObject({ refused: 0, accepted: 2_000, sleepers: 0 });
    expect(outcome.tookMs).toBeLessThan(1.05 * leastMs(2_000, cloudflares, 24));
  });

  it("sends 2,000 requests of three processes under 100 per 10 s, and uses three quarters of the budget", async () => {
    const fleet = startFleet(small);

    const outcome = await fleet.finish(fleet.runProcess(667, 8), fleet.runProcess(667, 8), fleet.runProcess(666, 8));

    expect(outcome).toMatchObject({ refused: 0, accepted: 2_000, sleepers: 0 });
    // A window lasts up to 2 s longer for us, because its end is known in whole seconds.
    expect(outcome.tookMs).toBeLessThan((2_000 / 75) * 12_000);
  });

  it("keeps two processes that start apart within one budget", async () => {
    const fleet = startFleet(cloudflares);

    const outcome = await fleet.finish(fleet.runProcess(1_000, 8), fleet.runProcess(1_000, 8, 3_000));

    expect(outcome).toMatchObject({ refused: 0, accepted: 2_000, sleepers: 0 });
    expect(outcome.tookMs).toBeLessThan(1.05 * leastMs(2_000, cloudflares, 16));
  });

  it("leaves enough for processes that differ, and for one that starts late", async () => {
    const fleet = startFleet(cloudflares);

    const outcome = await fleet.finish(
      fleet.runProcess(1_500, 2),
      fleet.runProcess(600, 32, 40_000),
      fleet.runProcess(300, 32, 60_000),
    );

    expect(outcome).toMatchObject({ refused: 0, accepted: 2_400, sleepers: 0 });
  });

  it("keeps three processes with 300 parallel requests each within one budget", async () => {
    const fleet = startFleet(cloudflares);

    const outcome = await fleet.finish(
      fleet.runProcess(900, 300),
      fleet.runProcess(900, 300),
      fleet.runProcess(900, 300),
    );

    expect(outcome).toMatchObject({ refused: 0, accepted: 2_700, sleepers: 0 });
  });

  it("uses what is left while another program uses up half of the budget", async () => {
    const fleet = startFleet(cloudflares);

    const outcome = await fleet.finish(
      fleet.runProcess(500, 8),
      fleet.runProcess(500, 8),
      fleet.runProcess(400, 8),
      fleet.runWithoutLimiter(600, 30),
    );

    expect(outcome).toMatchObject({ refused: 0, accepted: 2_000, sleepers: 0 });
    expect(outcome.tookMs).toBeLessThan(1.05 * leastMs(2_000, cloudflares, 24));
  });

  it("can fail: programs without a limiter are throttled", async () => {
    const fleet = startFleet(cloudflares);

    const outcome = await fleet.finish(fleet.runWithoutLimiter(1_300, 8));

    expect(outcome.refused).toBeGreaterThan(0);
  });
});
