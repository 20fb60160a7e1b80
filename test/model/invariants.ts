import { IpsecTunnelPskError } from "../../src/errors";
import { MAX_TRIES } from "../../src/psk/compatibility";
import { PartialFailure } from "../../src/psk/partial-failure";
import { DEFAULT_LIMITS } from "../../src/psk/limits";
import type { StoredState } from "../../src/psk/state";
import type { Step } from "./engine";
import { type Expectation, expectation, suits } from "./expectation";
import { SLOW_MS } from "./flaky-edge";
import { indexOf, isMarked } from "./honesty";
import { must } from "./must";
import { checkRefresh } from "./refresh-invariants";
import { tunnelIn, type World } from "./world";

// When the deadline passes, one generation and one read may be on their way.
const SLACK_MS = 2 * SLOW_MS + 1_000;

/** What must hold of every call of the provider, whatever happened. */
export function checkStep(world: World, step: Step, unstamped: ReadonlySet<string>): void {
  const { trace, outcome, verb } = step;
  const took = world.now - step.startedAt - trace.cloudflareWaitMs;
  const unsuited = trace.keys.filter((psk) => !suits(psk, step.inputs)).length;
  must(
    trace.generations - unsuited <= DEFAULT_LIMITS.maxGenerations,
    "(d) at most maxGenerations generations beside those of keys that did not suit",
  );
  must(unsuited <= MAX_TRIES, "(d) at most MAX_TRIES keys that did not suit");
  must(took <= world.operationTimeoutMs + SLACK_MS, `(g) an operation ends in time; it took ${took} ms`);
  must(trace.orphanGenerations === 0, "an orphan sends no generation");
  if (verb === "read") checkRefresh(world, step, unstamped);
  else checkUp(world, step, unstamped);
  if (outcome.kind === "dropped") return;
  checkNothingVanished(step);
}

function checkUp(world: World, step: Step, unstamped: ReadonlySet<string>): void {
  const { trace, outcome, before, inputs, verb } = step;
  const expected = expectation(before, inputs, step.startedAt + world.skewMs);
  must((expected === "same") === (verb === "same"), `an up that expects "${expected}" is planned as "${verb}"`);
  if (expected === "same" || expected === "refuse") must(trace.calls === 0, `(c) "${expected}" sends nothing`);
  if (expected === "existingKey") must(trace.generations === 0, "(c) an adoption generates nothing");
  if (expected === "refuse") must(codeOf(outcome) === "ERR_EXTERNAL_ROTATION", "an outside rotation is refused");
  const mustAsk = expected === "settle" && inputs.onExternalRotation === "fail";
  if (mustAsk) must(trace.generations === 0, '(c) with "fail" a forced update generates nothing');
  if (outcome.kind === "done" && outcome.state !== undefined && verb !== "same") {
    checkSuccess(world, step, outcome.state, unstamped);
  }
  if (verb === "update" && expected !== "existingKey") {
    must(
      step.after.stored?.outputs.existingKeyGeneratedOn === before?.outputs.existingKeyGeneratedOn,
      "an adoption that was carried out is remembered",
    );
  }
  if (!trace.hasFaults && trace.foreign.length === 0) checkFaultless(world, step, expected, unstamped);
}

function checkSuccess(world: World, { trace, inputs }: Step, state: StoredState, unstamped: ReadonlySet<string>): void {
  const index = indexOf(world, state);
  must(!isMarked(state), "an up that succeeds leaves no mark");
  must(inputs.existingKey !== undefined || suits(state.psk, inputs), "an up that succeeds has a key that suits");
  const isGuess = unstamped.has(state.psk);
  // Such a key has the time stamp of the first read after it, whosever it is: nothing better is to be had.
  if (state.status === "active" && !isGuess) {
    must(trace.seen.includes(index), "(a) a key is in force if a read has shown it");
    const { keys, gone } = tunnelIn(world, state.ipsecTunnelId);
    const isUnseen = keys.length - 1 > trace.newestSeen;
    must(gone || isUnseen || index === keys.length - 1, "(a) the key in the state is the key at the edge");
    must(!trace.lost || !hasEarlyStraggler(world), "(a) stragglers have had their time");
  }
  must(isGuess || index >= trace.newestSeen, "(a) no read has shown a newer key");
  if (trace.generations > 0) must(state.psk === trace.keys.at(-1), "the last key that was received is stored");
}

/** Whether a request may still take effect that a wait of `lostResponseWaitMs` would have let through. */
function hasEarlyStraggler({ stragglers }: World): boolean {
  return stragglers.some(({ delayMs }) => delayMs <= DEFAULT_LIMITS.lostResponseWaitMs);
}

function checkFaultless(
  world: World,
  { trace, outcome, before, inputs }: Step,
  expected: Expectation,
  unstamped: ReadonlySet<string>,
): void {
  const { keys, gone } = tunnelIn(world, inputs.ipsecTunnelId);
  if (gone || expected === "same" || expected === "refuse") return;
  if (expected === "existingKey") {
    const isRight = keys.at(-1)?.psk === inputs.existingKey?.psk;
    must((outcome.kind === "done") === isRight, "the right key, and no other, is adopted");
    return;
  }
  // A forced update may be the first to see what somebody else has done.
  if (expected === "settle" && codeOf(outcome) === "ERR_EXTERNAL_ROTATION") {
    const isOurs = before !== undefined && before.outputs.psk === keys.at(-1)?.psk;
    must(!isOurs || unstamped.has(before.outputs.psk), "only an outside rotation is refused");
    return;
  }
  const unsuited = trace.keys.filter((psk) => !suits(psk, inputs)).length;
  if (unsuited === MAX_TRIES) {
    must(codeOf(outcome) === "ERR_UNSUITABLE_PSK", "(d) after MAX_TRIES keys it is said that none suits");
    return;
  }
  must(outcome.kind === "done" && outcome.state !== undefined, "without faults an up succeeds");
  const { psk, status } = outcome.state;
  const wasKept = expected === "settle" && psk === before?.outputs.psk;
  must(
    trace.generations === (wasKept ? 0 : 1 + unsuited),
    `(c) without faults "${expected}" generates as often as it must`,
  );
  if (wasKept && unstamped.has(psk)) return;
  must(psk === keys.at(-1)?.psk, "(a) without faults the key is the edge's");
  must(status === "active", "(a) without faults the key is in force");
}

/** (f) What was received or lost on the way to a failure shows. */
function checkNothingVanished({ trace, outcome, before, inputs, verb }: Step): void {
  if (outcome.kind !== "failed") return;
  const { error } = outcome;
  if (error instanceof PartialFailure) {
    const makesItselfKnown = isMarked(error.state) || !suits(error.state.psk, inputs);
    must(makesItselfKnown, "(f) what is kept of a failure carries a mark, or does not suit");
    if (trace.keys.length > 0) must(error.state.psk === trace.keys.at(-1), "(f) the last key received is kept");
    if (verb === "update") {
      const [kept, old] = [error.state.rotationTriggers, before?.outputs.rotationTriggers];
      must(JSON.stringify(kept) === JSON.stringify(old), "a failed update keeps the old triggers");
    }
    return;
  }
  must(error instanceof IpsecTunnelPskError, "a failure is one of ours");
  must(trace.keys.length === 0, "(f) a key that was received does not vanish");
  must(!trace.lost || verb === "create", "(f) a key that was lost in an update leaves a mark");
}

/** The code of a failure, partial or not. */
export function codeOf(outcome: Step["outcome"]): string | undefined {
  if (outcome.kind !== "failed") return undefined;
  const error = outcome.error instanceof PartialFailure ? outcome.error.cause : outcome.error;
  return error instanceof IpsecTunnelPskError ? error.code : undefined;
}
