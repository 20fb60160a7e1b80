import { isDeepStrictEqual } from "node:util";
import type { ResolvedInputs } from "../../src/psk/inputs";
import { createLifecycle, type Lifecycle } from "../../src/psk/lifecycle";
import { PartialFailure } from "../../src/psk/partial-failure";
import { DEFAULT_LIMITS } from "../../src/psk/limits";
import { isInInputs, type Plan } from "../../src/psk/rotation";
import type { StoredState } from "../../src/psk/state";
import type { Fault } from "./faults";
import { createFlakyDriftReads, createFlakyTunnels } from "./flaky-tunnels";
import { Trace } from "./trace";
import { pass, type World } from "./world";

/** A resource as the engine keeps it. */
export interface Stored {
  readonly inputs: ResolvedInputs;
  readonly outputs: StoredState;
  readonly hasInitErrors: boolean;
}

/** A stack with at most one resource. */
export interface Stack {
  readonly stored?: Stored;
}

/** How a verb of the provider ended. */
export type Outcome =
  | { readonly kind: "done"; readonly state: StoredState | undefined }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "dropped" };

/** One verb of the provider, as the engine called it, and its outcome. */
export interface Step {
  readonly verb: "diff" | "same" | "create" | "update" | "read";
  readonly before: Stored | undefined;
  readonly inputs: ResolvedInputs;
  readonly startedAt: number;
  readonly trace: Trace;
  /** What the diff before it read. */
  readonly look: Trace;
  readonly outcome: Outcome;
  readonly after: Stack;
}

/** Refreshes a stack, as one command does: stores what `read` returns, and drops `initErrors`. */
export async function refreshStack(world: World, stack: Stack, faults: readonly Fault[]): Promise<Step | undefined> {
  const before = stack.stored;
  if (before === undefined) return undefined;
  const { inputs, outputs } = before;
  return run(
    world,
    faults,
    { verb: "read", before, inputs, look: new Trace(outputs.ipsecTunnelId) },
    (lifecycle) => lifecycle.read(throughCheckpoint(outputs)),
    {
      done: (state) => (state === undefined ? {} : { stored: { inputs, outputs: state, hasInitErrors: false } }),
      partial: () => stack,
      otherwise: stack,
    },
  );
}

/** Updates a stack, as one `up` without a refresh does. The first faults hit the look of the diff. */
export async function upStack(
  world: World,
  stack: Stack,
  inputs: ResolvedInputs,
  faults: readonly Fault[],
): Promise<Step> {
  const before = stack.stored;
  const create = (look: Trace, left: readonly Fault[]) =>
    run(world, left, { verb: "create", before, inputs, look }, (lifecycle) => lifecycle.create(inputs), {
      done: (state) => (state === undefined ? {} : { stored: { inputs, outputs: state, hasInitErrors: false } }),
      partial: (state) => ({ stored: { inputs, outputs: state, hasInitErrors: true } }),
      otherwise: stack,
    });
  if (before === undefined) return create(new Trace(inputs.ipsecTunnelId), faults);

  const startedAt = world.now;
  const look = new Trace(before.outputs.ipsecTunnelId);
  const planning = createFor(world, faults, look).diff(throughCheckpoint(before.outputs), inputs);
  const plan = await Promise.race([planning, look.death]);
  const unchanged = { before, inputs, startedAt, trace: new Trace(inputs.ipsecTunnelId), look };
  if (plan === "dead" || look.orphaned)
    return { verb: "diff", ...unchanged, outcome: { kind: "dropped" }, after: stack };

  const left = faults.slice(look.calls);
  if (plan.kind === "replace") return create(look, left);
  if (!before.hasInitErrors && !isStep(plan, before.inputs, inputs)) {
    const after = { stored: { ...before, inputs } };
    return { verb: "same", ...unchanged, outcome: { kind: "done", state: before.outputs }, after };
  }
  return run(
    world,
    left,
    { verb: "update", before, inputs, look },
    (lifecycle) => lifecycle.update(throughCheckpoint(before.outputs), inputs),
    {
      done: (state) => (state === undefined ? {} : { stored: { inputs, outputs: state, hasInitErrors: false } }),
      partial: (state) => ({ stored: { inputs: before.inputs, outputs: state, hasInitErrors: true } }),
      otherwise: stack,
    },
  );
}

/** Tells whether the engine updates: it compares the inputs itself if `diff` of the provider leaves `changes` open. */
function isStep(plan: Plan, before: ResolvedInputs, after: ResolvedInputs): boolean {
  if (plan.kind === "keep") return false;
  if (plan.kind !== "generate" && plan.kind !== "set") return true;
  if (plan.reasons.every(isInInputs)) return !isDeepStrictEqual(before, after);
  return true;
}

async function run(
  world: World,
  faults: readonly Fault[],
  call: Pick<Step, "verb" | "before" | "inputs" | "look">,
  verb: (lifecycle: Lifecycle) => Promise<StoredState | undefined>,
  keep: {
    readonly done: (state: StoredState | undefined) => Stack;
    readonly partial: (state: StoredState) => Stack;
    readonly otherwise: Stack;
  },
): Promise<Step> {
  const startedAt = world.now;
  const tunnel = call.verb === "read" && call.before !== undefined ? call.before.outputs : call.inputs;
  const trace = new Trace(tunnel.ipsecTunnelId);
  const ended = verb(createFor(world, faults, trace)).then(
    (state): Outcome => ({ kind: "done", state: state && throughCheckpoint(state) }),
    (error: unknown): Outcome => ({ kind: "failed", error }),
  );
  const outcome = await Promise.race([ended, trace.death.then((): Outcome => ({ kind: "dropped" }))]);
  const step = { ...call, startedAt, trace };
  // A dead engine stores nothing, even if its orphan succeeds.
  if (outcome.kind === "dropped" || trace.orphaned)
    return { ...step, outcome: { kind: "dropped" }, after: keep.otherwise };
  if (outcome.kind === "done") return { ...step, outcome, after: keep.done(outcome.state) };
  const { error } = outcome;
  const after =
    error instanceof PartialFailure ? keep.partial(throughCheckpoint((error as PartialFailure).kept)) : keep.otherwise;
  return { ...step, outcome, after };
}

function createFor(world: World, faults: readonly Fault[], trace: Trace): Lifecycle {
  const tunnels = createFlakyTunnels(world, faults, trace);
  const drift = createFlakyDriftReads(world, faults, trace);
  return createLifecycle({
    tunnels: () => Promise.resolve(tunnels),
    drift: () => Promise.resolve(drift),
    names: () => Promise.resolve({ atHand: () => Promise.resolve(undefined), fresh: () => Promise.resolve(undefined) }),
    clock: {
      now: () => world.now + world.skewMs,
      // Operations run one at a time, so nothing else happens while one sleeps: time may pass immediately.
      sleep: (ms) => {
        pass(world, ms, (id) => {
          trace.changed(world, id);
        });
        return Promise.resolve();
      },
    },
    limits: () => ({ ...DEFAULT_LIMITS, operationTimeoutMs: world.operationTimeoutMs }),
    announce: () => undefined,
    requireEngine: () => (trace.orphaned ? Promise.reject(new Error("The engine has exited")) : Promise.resolve()),
  });
}

/** Returns outputs as a checkpoint stores them: JSON, without `undefined`. */
function throughCheckpoint(state: StoredState): StoredState {
  return JSON.parse(JSON.stringify(state)) as StoredState;
}
