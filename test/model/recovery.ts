import type { ResolvedInputs } from "../../src/psk/inputs";
import { isUndated } from "../../src/psk/key-source";
import { withProperty } from "./edit";
import { hasDrifted } from "./drift";
import { refreshStack, type Stack, upStack } from "./engine";
import { expectation } from "./expectation";
import { isUndetectable } from "./honesty";
import { checkStep, codeOf } from "./invariants";
import { must } from "./must";
import type { Counts } from "./run-schedule";
import { copyOf, inResponse, pass, tunnelIn, type World } from "./world";

/**
 * (b) Checks, on copies, that one `up` without faults makes things right after every step of a schedule, or one
 * `up --refresh` if something happened outside the stack; even if the user reverts the change of the triggers.
 */
export async function checkRecovery(
  world: World,
  stack: Stack,
  program: ResolvedInputs,
  withoutTimestamp: ReadonlySet<string>,
  counts: Counts,
): Promise<void> {
  if (tunnelIn(world, program.ipsecTunnelId).gone) return;
  const programs = [program, reverted(stack, program)].filter((one) => one !== undefined);
  for (const wanted of programs) {
    for (const refresh of [false, true])
      await recover(copyOf(world), stack, wanted, { refresh, withoutTimestamp, counts });
  }
}

async function recover(
  world: World,
  stack: Stack,
  wanted: ResolvedInputs,
  { refresh, withoutTimestamp, counts }: { refresh: boolean; withoutTimestamp: ReadonlySet<string>; counts: Counts },
): Promise<void> {
  counts.recoveries += 1;
  pass(world, Math.max(0, ...world.lateRequests.map(({ takesEffectAt }) => takesEffectAt - world.now)));
  const program = withoutStaleExistingKey(world, stack, wanted);
  let current = stack;
  if (refresh) {
    const step = await refreshStack(world, current, []);
    if (step !== undefined) {
      checkStep(world, step, withoutTimestamp);
      counts.calls += step.trace.calls;
      must(step.outcome.kind === "done", "(b) a refresh without faults succeeds");
      current = step.after;
    }
  }
  const step = await upStack(world, current, program, []);
  checkStep(world, step, withoutTimestamp);
  counts.calls += step.trace.calls + step.look.calls;
  const isDrifted = current.stored !== undefined && hasDrifted(world, current.stored.outputs, step.look);
  const expected = expectation(current.stored, program, step.startedAt + world.skewMs, isDrifted);
  // A guessed timestamp may look like a rotation by someone else.
  const isGuess = current.stored !== undefined && withoutTimestamp.has(current.stored.outputs.psk);
  const mayRefuse = expected === "verify" && (isDrifted || isGuess);
  if (expected === "refuse" || (mayRefuse && codeOf(step.outcome) === "ERR_EXTERNAL_ROTATION")) {
    must(codeOf(step.outcome) === "ERR_EXTERNAL_ROTATION", "(b) a rotation by someone else is refused");
    must(step.after.stored?.outputs.status === "superseded", "(b) a refusal forgets nothing");
    await recover(
      world,
      step.after,
      { ...program, onExternalRotation: "regenerate" },
      { refresh: false, withoutTimestamp, counts },
    );
    return;
  }
  if (codeOf(step.outcome) === "ERR_UNSUITABLE_PSK") {
    // Every key may be incompatible by chance; the next `up` generates again, because the stored key is incompatible.
    must(step.trace.generations > 0, "(b) an up fails for incompatible keys only after generating some");
    await recover(world, step.after, program, { refresh: false, withoutTimestamp, counts });
    return;
  }
  must(step.outcome.kind === "done" && step.outcome.state !== undefined, "(b) an up without faults succeeds");
  const { state } = step.outcome;
  if (withoutTimestamp.has(state.psk) || (step.trace.generations === 0 && isUndetectable(world, state))) return;
  must(
    state.psk === tunnelIn(world, program.ipsecTunnelId).keys.at(-1)?.psk,
    "(b) an up without faults makes it right",
  );
  // An `up` sends nothing for a key that it keeps: only a refresh verifies that.
  const isUntouched = step.verb === "same" && !refresh;
  must(
    state.status === "active" || ((isUntouched || isUndated(state)) && state.status === "unverified"),
    "(b) an up without faults leaves an active key",
  );
  if (step.trace.generations === 0) return;
  const again = await upStack(world, step.after, program, []);
  must(again.verb === "same", "(h) a new key is not due for rotation");
}

/** Returns the program with the triggers that the engine last stored; `undefined` if they are the same. */
function reverted({ stored }: Stack, program: ResolvedInputs): ResolvedInputs | undefined {
  if (stored === undefined || stored.inputs.rotationTriggers === program.rotationTriggers) return undefined;
  return withProperty(program, "rotationTriggers", stored.inputs.rotationTriggers);
}

/** Removes an existing key that is not active: an `up` refuses it until the user removes it. */
function withoutStaleExistingKey(world: World, stack: Stack, program: ResolvedInputs): ResolvedInputs {
  if (expectation(stack.stored, program, world.now + world.skewMs, false) !== "takeOver") return program;
  const { existingKey, ...rest } = program;
  const active = tunnelIn(world, program.ipsecTunnelId).keys.at(-1);
  const isActive = active?.psk === existingKey?.psk && active && inResponse(active) === existingKey?.lastGeneratedOn;
  return isActive === true ? program : rest;
}
