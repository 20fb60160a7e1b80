import type { Inputs } from "../../src/psk/inputs";
import { withProperty } from "./edit";
import { refreshStack, type Stack, upStack } from "./engine";
import { expectation } from "./expectation";
import { isHonest } from "./honesty";
import { checkStep, codeOf } from "./invariants";
import { must } from "./must";
import type { Counts } from "./run-schedule";
import { copyOf, pass, tunnelIn, type World } from "./world";

/**
 * (b) From wherever a schedule has led, one `up` without faults makes things right; where something happened behind the
 * stack's back, one `up --refresh`. Also if the user takes the change of the triggers back. All of it on copies.
 */
export async function checkRecovery(
  world: World,
  stack: Stack,
  program: Inputs,
  unstamped: ReadonlySet<string>,
  counts: Counts,
): Promise<void> {
  if (tunnelIn(world, program.ipsecTunnelId).gone) return;
  const programs = [program, reverted(stack, program)].filter((one) => one !== undefined);
  for (const wanted of programs) {
    if (world.stragglers.length === 0 && isHonest(world, stack)) {
      await recover(copyOf(world), stack, wanted, { refresh: false, unstamped, counts });
    }
    await recover(copyOf(world), stack, wanted, { refresh: true, unstamped, counts });
  }
}

async function recover(
  world: World,
  stack: Stack,
  wanted: Inputs,
  { refresh, unstamped, counts }: { refresh: boolean; unstamped: ReadonlySet<string>; counts: Counts },
): Promise<void> {
  counts.recoveries += 1;
  pass(world, Math.max(0, ...world.stragglers.map(({ landsAt }) => landsAt - world.now)));
  const program = withoutStaleAdoption(world, stack, wanted);
  let current = stack;
  if (refresh) {
    const step = await refreshStack(world, current, []);
    if (step !== undefined) {
      checkStep(world, step, unstamped);
      counts.calls += step.trace.calls;
      must(step.outcome.kind === "done", "(b) a refresh without faults succeeds");
      current = step.after;
    }
  }
  const expected = expectation(current.stored, program, world.now + world.skewMs);
  const step = await upStack(world, current, program, []);
  checkStep(world, step, unstamped);
  counts.calls += step.trace.calls;
  // A guessed time stamp may look as if somebody else had been there.
  const isGuess = current.stored !== undefined && unstamped.has(current.stored.outputs.psk);
  if (expected === "refuse" || (isGuess && codeOf(step.outcome) === "ERR_EXTERNAL_ROTATION")) {
    must(codeOf(step.outcome) === "ERR_EXTERNAL_ROTATION", "(b) an outside rotation is refused");
    must(step.after.stored?.outputs.status === "superseded", "(b) a refusal forgets nothing");
    await recover(
      world,
      step.after,
      { ...program, onExternalRotation: "regenerate" },
      { refresh: false, unstamped, counts },
    );
    return;
  }
  if (codeOf(step.outcome) === "ERR_UNSUITABLE_PSK") {
    // The dice may fall so; the next `up` throws them again, for what is stored does not suit.
    must(step.trace.generations > 0, "(b) no key is given up before it was generated");
    await recover(world, step.after, program, { refresh: false, unstamped, counts });
    return;
  }
  must(step.outcome.kind === "done" && step.outcome.state !== undefined, "(b) an up without faults succeeds");
  const { state } = step.outcome;
  if (unstamped.has(state.psk)) return;
  must(
    state.psk === tunnelIn(world, program.ipsecTunnelId).keys.at(-1)?.psk,
    "(b) an up without faults makes it right",
  );
  // A plain up asks nobody about what it need not touch: only a refresh settles that.
  const isUntouched = step.verb === "same" && !refresh;
  must(
    state.status === "active" || (isUntouched && state.status === "unverified"),
    "(b) an up without faults says so",
  );
  if (step.trace.generations === 0) return;
  const again = await upStack(world, step.after, program, []);
  must(again.verb === "same", "(h) a key that was just generated is not due");
}

/** The program as it was when the engine last stored its triggers; `undefined` if that is the same. */
function reverted({ stored }: Stack, program: Inputs): Inputs | undefined {
  if (stored === undefined || stored.inputs.rotationTriggers === program.rotationTriggers) return undefined;
  return withProperty(program, "rotationTriggers", stored.inputs.rotationTriggers);
}

/** A new adoption of a key that is not the edge's is refused for ever: its user has to take it out. */
function withoutStaleAdoption(world: World, stack: Stack, program: Inputs): Inputs {
  if (expectation(stack.stored, program, world.now + world.skewMs) !== "existingKey") return program;
  const { existingKey, ...rest } = program;
  return adopt?.psk === tunnelIn(world, program.ipsecTunnelId).keys.at(-1)?.psk ? program : rest;
}
