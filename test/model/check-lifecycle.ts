import fc from "fast-check";
import { examples } from "./examples";
import { type Counts, runSchedule } from "./run-schedule";
import { schedules } from "./schedule";

/**
 * Runs the lifecycle under random schedules of faults, and fails for the first that breaks an invariant.
 *
 * @param defaultRuns - How many schedules. `MODEL_RUNS` replaces it, `MODEL_SEED` repeats a run.
 */
export async function checkLifecycle(defaultRuns: number): Promise<void> {
  const seed = Number(process.env.MODEL_SEED ?? 20_260_301);
  const numRuns = Number(process.env.MODEL_RUNS ?? defaultRuns);
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
  if (numRuns >= defaultRuns) expect(steps).toBeGreaterThanOrEqual(25 * defaultRuns);
}
