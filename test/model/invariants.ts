import { IpsecTunnelPskError } from "../../src/errors";
import { MAX_INCOMPATIBLE_KEYS } from "../../src/psk/compatibility";
import { isFromProgram, isUndated } from "../../src/psk/key-source";
import { PartialFailure } from "../../src/psk/partial-failure";
import { DEFAULT_LIMITS } from "../../src/psk/limits";
import type { StoredState } from "../../src/psk/state";
import { checkLook, hasDrifted } from "./drift";
import type { Step } from "./engine";
import { type Expectation, expectation, isCompatible } from "./expectation";
import { SLOW_MS } from "./flaky-tunnels";
import { indexOf, isMarked, isUndetectable } from "./honesty";
import { must } from "./must";
import { checkRefresh } from "./refresh-invariants";
import { inResponse, shownIndex, tunnelIn, type World } from "./world";

// When the time is over, one generation and one read may still be in flight.
const SLACK_MS = 2 * SLOW_MS + 1_000;

/** Checks what must hold after every call of the provider, under every fault. */
export function checkStep(world: World, step: Step, withoutTimestamp: ReadonlySet<string>): void {
  const { trace, outcome, verb } = step;
  const took = world.now - step.startedAt - trace.cloudflareWaitMs;
  const incompatible = trace.keys.filter((psk) => !isCompatible(psk, step.inputs)).length;
  must(
    trace.generations - incompatible <= DEFAULT_LIMITS.maxGenerations,
    "(d) at most maxGenerations generations besides those of incompatible keys",
  );
  must(incompatible <= MAX_INCOMPATIBLE_KEYS, "(d) at most MAX_INCOMPATIBLE_KEYS incompatible keys");
  must(took <= world.operationTimeoutMs + SLACK_MS, `(g) an operation ends in time; it took ${took} ms`);
  must(trace.orphanGenerations === 0, "an orphaned provider generates nothing");
  if (verb === "read") checkRefresh(world, step, withoutTimestamp);
  else checkUp(world, step, withoutTimestamp);
  if (outcome.kind === "dropped") return;
  checkNothingVanished(step);
}

function checkUp(world: World, step: Step, withoutTimestamp: ReadonlySet<string>): void {
  const { trace, outcome, before, inputs, verb } = step;
  const isDrifted = before !== undefined && hasDrifted(world, before.outputs, step.look);
  const expected = expectation(before, inputs, step.startedAt + world.skewMs, isDrifted);
  if (before !== undefined) checkLook(before.outputs, step.look, expected === "verify" || expected === "same");
  if (verb === "diff") return;
  must((expected === "same") === (verb === "same"), `an up that expects "${expected}" is planned as "${verb}"`);
  if (expected === "same" || expected === "refuse") must(trace.calls === 0, `(c) "${expected}" sends nothing`);
  if (expected === "takeOver") must(trace.generations === 0, "(c) taking over an existing key generates nothing");
  if (expected === "refuse") must(codeOf(outcome) === "ERR_EXTERNAL_ROTATION", "a rotation by someone else is refused");
  const mayRefuse = expected === "verify" && inputs.onExternalRotation === "fail";
  // A key that someone removed is not one that a new key would overwrite.
  const isRemoved = trace.seen.length > 1 && trace.seen.every((index) => index < 0);
  if (mayRefuse && !isRemoved) must(trace.generations === 0, '(c) with "fail" a forced update generates nothing');
  if (outcome.kind === "done" && outcome.state !== undefined && verb !== "same") {
    checkSuccess(world, step, outcome.state, withoutTimestamp);
  }
  if (verb === "update" && expected !== "takeOver") {
    must(
      step.after.stored?.outputs.existingKeyGeneratedOn === before?.outputs.existingKeyGeneratedOn,
      "an existing key that was taken over is remembered",
    );
  }
  if (!trace.hasFaults && trace.foreign.length === 0) checkFaultless(world, step, expected, withoutTimestamp);
}

function checkSuccess(
  world: World,
  { trace, inputs }: Step,
  state: StoredState,
  withoutTimestamp: ReadonlySet<string>,
): void {
  const index = indexOf(world, state);
  must(!isMarked(state), "an up that succeeds leaves no mark");
  must(inputs.existingKey !== undefined || isCompatible(state.psk, inputs), "an up that succeeds has a compatible key");
  const isGuess = withoutTimestamp.has(state.psk);
  must(state.status !== "active" || !isUndated(state), "a key without a timestamp is never active");
  if (trace.generations > 0 && isFromProgram(state) && !isUndated(state))
    must(index > trace.seenBeforeLast, "a set key has a timestamp only if no read before had shown it");
  // Such a key has the timestamp of the first read after it, which may belong to another key: nothing better is known.
  if (state.status === "active" && !isGuess) {
    must(trace.seen.includes(index), "(a) a key is active if a read has shown it");
    const { keys, gone } = tunnelIn(world, state.ipsecTunnelId);
    const isUnseen = keys.length - 1 > trace.newestSeen;
    must(gone || isUnseen || index === keys.length - 1, "(a) the key in the state is the active key");
    // A late request that sets a key sets the same one.
    must(!trace.lost || inputs.psk !== undefined || !hasAwaitedRequest(world), "(a) late requests have taken effect");
  }
  must(isGuess || index >= trace.newestSeen, "(a) no read has shown a newer key");
  if (trace.generations > 0) must(state.psk === trace.keys.at(-1), "the last key that was received is stored");
}

/** Tells whether a request may still take effect that a wait of `lostResponseWaitMs` covers. */
function hasAwaitedRequest({ lateRequests }: World): boolean {
  return lateRequests.some(({ delayMs }) => delayMs <= DEFAULT_LIMITS.lostResponseWaitMs);
}

function checkFaultless(
  world: World,
  { trace, outcome, before, inputs }: Step,
  expected: Expectation,
  withoutTimestamp: ReadonlySet<string>,
): void {
  const { keys, gone } = tunnelIn(world, inputs.ipsecTunnelId);
  if (gone || expected === "same" || expected === "refuse") return;
  if (expected === "takeOver") {
    // Cloudflare shows nothing else of it.
    const active = keys.at(-1);
    const isRight = active !== undefined && inResponse(active) === inputs.existingKey?.lastGeneratedOn;
    must((outcome.kind === "done") === isRight, "only a key with the active timestamp is taken over");
    return;
  }
  // A forced update may be the first to see a rotation by someone else.
  if (expected === "verify" && codeOf(outcome) === "ERR_EXTERNAL_ROTATION") {
    // By its time: an operation whose end the engine did not see may have set the same key once more.
    const isOurs =
      before !== undefined && indexOf(world, before.outputs) === shownIndex({ keys, gone }, keys.length - 1);
    must(!isOurs || withoutTimestamp.has(before.outputs.psk), "only a rotation by someone else is refused");
    return;
  }
  const incompatible = trace.keys.filter((psk) => !isCompatible(psk, inputs)).length;
  if (incompatible === MAX_INCOMPATIBLE_KEYS) {
    must(codeOf(outcome) === "ERR_UNSUITABLE_PSK", "(d) after MAX_INCOMPATIBLE_KEYS incompatible keys an up fails");
    return;
  }
  must(outcome.kind === "done" && outcome.state !== undefined, "without faults an up succeeds");
  const { psk, status } = outcome.state;
  // A key that the program gives is the same after it was set again.
  const isSame = inputs.psk === undefined ? psk === before?.outputs.psk : trace.generations === 0;
  const wasKept = expected === "verify" && isSame;
  must(
    trace.generations === (wasKept ? 0 : 1 + incompatible),
    `(c) without faults "${expected}" generates as often as it must`,
  );
  if (wasKept && (withoutTimestamp.has(psk) || isUndetectable(world, outcome.state))) return;
  must(psk === keys.at(-1)?.psk, "(a) without faults the stored key is the active one");
  must(status === "active" || isUndated(outcome.state), "(a) without faults the key is active");
}

/** (f) Checks that a failure does not hide a key that was received or lost. */
function checkNothingVanished({ trace, outcome, before, inputs, verb }: Step): void {
  if (outcome.kind !== "failed") return;
  const { error } = outcome;
  if (error instanceof PartialFailure) {
    const { kept: state } = error as PartialFailure;
    const isVisible = isMarked(state) || !isCompatible(state.psk, inputs);
    must(isVisible, "(f) the state after a failure has a mark, or an incompatible key");
    if (trace.keys.length > 0) must(state.psk === trace.keys.at(-1), "(f) the last key received is kept");
    if (verb === "update") {
      const [kept, old] = [state.rotationTriggers, before?.outputs.rotationTriggers];
      must(JSON.stringify(kept) === JSON.stringify(old), "a failed update keeps the old triggers");
    }
    return;
  }
  must(error instanceof IpsecTunnelPskError, "a failure is one of ours");
  must(trace.keys.length === 0, "(f) a key that was received does not vanish");
  must(!trace.lost || verb === "create", "(f) a key that was lost in an update leaves a mark");
}

/** Returns the code of a failure, partial or not. */
export function codeOf(outcome: Step["outcome"]): string | undefined {
  if (outcome.kind !== "failed") return undefined;
  const error = outcome.error instanceof PartialFailure ? outcome.error.cause : outcome.error;
  return error instanceof IpsecTunnelPskError ? error.code : undefined;
}
