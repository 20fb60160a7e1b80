import fc from "fast-check";
import { examples } from "./examples";
import { type Counts, runSchedule } from "./run-schedule";
import { schedules } from "./schedule";

/** `MODEL_SEED` repeats a run, `MODEL_RUNS` lengthens it. */
const DEFAULT_RUNS = 4_000;
const seed = Number(process.env.MODEL_SEED ?? 20_260_301);
const numRuns = Number(process.env.MODEL_RUNS ?? DEFAULT_RUNS);

describe("createLifecycle() under random schedules of faults", () => {
  it("keeps the active key in the state, or marks the state", async () => {
    const counts: Counts = { schedules: 0, actions: 0, calls: 0, recoveries: 0 };
    const startedAt = performance.now();
    const property = fc.asyncProperty(schedules, (schedule) => runSchedule(schedule, counts));

    await fc.assert(property, { seed, numRuns, examples, endOnFailure: process.env.MODEL_SHRINK === "no" });

    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const { schedules: done, actions, calls, recoveries } = counts;
    const steps = actions + calls;
    process.stderr.write(
      `model: seed ${seed}, ${steps} steps (${done} schedules, ${actions} actions, ${calls} calls; ${recoveries} recoveries) in ${seconds} s\n`,
    );
    // Random schedules prove only as much as they try.
    if (numRuns >= DEFAULT_RUNS) expect(steps).toBeGreaterThanOrEqual(100_000);
  }, 3_600_000);
});
