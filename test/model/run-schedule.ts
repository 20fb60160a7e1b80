import { isDeepStrictEqual } from "node:util";
import type { ResolvedInputs } from "../../src/psk/inputs";
import { edited } from "./edit";
import { refreshStack, type Stack, type Step, upStack } from "./engine";
import type { Fault } from "./faults";
import { isHonest } from "./honesty";
import { checkStep } from "./invariants";
import { must } from "./must";
import { checkRecovery } from "./recovery";
import type { Schedule } from "./schedule";
import { addKey, createWorld, pass, tunnelIn, type World } from "./world";

const accountId = "0123456789abcdef0123456789abcdef";

/** How much was done. */
export interface Counts {
  schedules: number;
  actions: number;
  calls: number;
  recoveries: number;
}

/** Runs one schedule against the lifecycle, and checks after each of its steps. */
export async function runSchedule({ actions, ...rules }: Schedule, counts: Counts): Promise<void> {
  const world = createWorld(rules);
  const withoutTimestamp = new Set<string>();
  let program: ResolvedInputs = { accountId, ipsecTunnelId: "1".padStart(32, "0") };
  let stack: Stack = {};
  counts.schedules += 1;

  function take(step: Step | undefined, wasHonest: boolean): Step | undefined {
    if (step === undefined) return undefined;
    const { trace, look } = step;
    counts.calls += trace.calls + look.calls;
    if (step.outcome.kind !== "dropped") trace.keys.forEach((psk) => withoutTimestamp.delete(psk));
    trace.withoutTimestamp.forEach((psk) => withoutTimestamp.add(psk));
    stack = step.after;
    checkStep(world, step, withoutTimestamp);
    // The provider cannot know of a key that no read of the command has shown.
    const isUnseen = [...look.foreign, ...trace.foreign].some((index) => index > trace.newestSeen);
    // An existing key is checked with one read, which may lag behind.
    const isMisled = trace.generations === 0 && trace.seen.length > 0 && trace.newestSeen < newestIn(world, step);
    const isGuess = stack.stored !== undefined && withoutTimestamp.has(stack.stored.outputs.psk);
    // A failure that stores nothing tells the user.
    const isStored = step.outcome.kind === "done" || !isDeepStrictEqual(step.before, stack.stored);
    if (wasHonest && !isUnseen && !isMisled && !isGuess && isStored) {
      must(isHonest(world, stack), "(f) the state calls a key active only if it is");
    }
    return step;
  }

  async function refresh(faults: readonly Fault[]): Promise<boolean> {
    const wasHonest = isHonest(world, stack);
    const step = take(await refreshStack(world, stack, faults), wasHonest);
    return step === undefined || step.outcome.kind === "done";
  }

  for (const action of actions) {
    counts.actions += 1;
    switch (action.kind) {
      case "up": {
        program = edited(program, action.edit, world);
        // The first half of the faults hits the refresh, the other half the update.
        const half = action.refresh ? Math.floor(action.faults.length / 2) : 0;
        if (action.refresh && !(await refresh(action.faults.slice(0, half)))) break;
        const wasHonest = isHonest(world, stack);
        take(await upStack(world, stack, program, action.faults.slice(half)), wasHonest);
        break;
      }
      case "refresh":
        await refresh(action.faults);
        break;
      case "destroy":
        stack = {};
        break;
      case "initErrors":
        if (stack.stored !== undefined) stack = { stored: { ...stack.stored, hasInitErrors: true } };
        break;
      case "rotation":
        if (!tunnelIn(world, program.ipsecTunnelId).gone) addKey(world, program.ipsecTunnelId);
        break;
      case "deletion":
        tunnelIn(world, program.ipsecTunnelId).gone = true;
        break;
      case "pass":
        pass(world, action.ms);
    }
    await checkRecovery(world, stack, program, withoutTimestamp, counts);
  }
}

function newestIn(world: World, { inputs }: Step): number {
  return tunnelIn(world, inputs.ipsecTunnelId).keys.length - 1;
}
