import { checkAdoption } from "./adoption";
import { type DatedPsk, skewText } from "./clock-skew";
import { type Clock, startDeadline } from "./deadline";
import type { Edge, Operation, TunnelRef } from "./edge";
import { externalRotation } from "./external-rotation";
import { generateAndVerify, GenerationFailure } from "./generation";
import type { AdoptedKey, Inputs } from "./inputs";
import { PartialFailure } from "./partial-failure";
import type { Patience } from "./patience";
import { refresh } from "./refresh";
import { type Plan, planRotation } from "./rotation";
import { markLost, readState, STATE_VERSION, type StoredPsk, type StoredState } from "./state";
import { verify } from "./verification";

/** What the lifecycle needs of the world around it. */
export interface Surroundings {
  readonly edge: Edge;
  readonly clock: Clock;
  /** Asked at each use, for a process learns its settings after it has loaded this code. */
  readonly patience: () => Patience;
  /** Takes a line that the user should read about a tunnel. */
  readonly announce: (tunnel: TunnelRef, line: string) => void;
  /** Fails if the engine that asked for this has died: then nobody would keep a key. */
  readonly requireEngine: () => Promise<void>;
}

/** The life of one resource: what Pulumi's verbs mean for a key that can be made, but never read back. */
export interface Lifecycle {
  diff(state: unknown, inputs: Inputs): Plan;
  /** @throws {PartialFailure} if there is something to keep all the same. */
  create(inputs: Inputs): Promise<StoredState>;
  /** @returns `undefined` if the tunnel is gone. */
  read(state: unknown): Promise<StoredState | undefined>;
  /** @throws {PartialFailure} if the stored key is not the edge's any more. */
  update(state: unknown, inputs: Inputs): Promise<StoredState>;
}

export function createLifecycle({ edge, clock, patience, announce, requireEngine }: Surroundings): Lifecycle {
  let hasToldSkew = false;

  function begin(tunnel: TunnelRef) {
    const deadline = startDeadline(clock, patience().deadlineMs);
    const operation: Operation = {
      announce: (line) => {
        announce(tunnel, line);
      },
      onCloudflareWait: deadline.extend,
      beforeLateSend: requireEngine,
    };
    return { operation, deadline, clock, patience: patience() };
  }

  async function generate(
    inputs: Inputs,
    before: StoredState | undefined,
    context = begin(inputs),
  ): Promise<StoredState> {
    try {
      const key = await generateAndVerify(edge, inputs, context);
      tellSkew(key, context.operation);
      const state = toState(inputs, key);
      return before === undefined ? state : withHistory(before, state);
    } catch (error) {
      if (!(error instanceof GenerationFailure)) throw error;
      if (error.received !== undefined) tellSkew(error.received, context.operation);
      const left = whatIsLeft(inputs, before, error);
      throw left === undefined ? error.cause : new PartialFailure(left, error.cause);
    }
  }

  // Once: with hundreds of keys, one line is read and hundreds are not.
  function tellSkew(key: DatedPsk, { announce }: Operation): void {
    const text = skewText(key);
    if (text !== undefined && !hasToldSkew) announce(text);
    hasToldSkew ||= text !== undefined;
  }

  async function adopt(inputs: Inputs, key: AdoptedKey): Promise<StoredState> {
    await checkAdoption(edge, inputs, key, begin(inputs).operation);
    return { ...toState(inputs, { ...key, status: "inForce" }), adoptedOn: key.lastGeneratedOn };
  }

  /** Pulumi forces an update after a partial failure, also where the program asks for nothing any more. */
  async function settle(state: StoredState, inputs: Inputs): Promise<StoredState> {
    const context = begin(inputs);
    const verdict = await verify(edge, inputs, state, context);
    if (verdict.kind === "overwritten") {
      const marked: StoredState = { ...state, status: "superseded", supersededOn: verdict.generatedOn };
      const plan = planRotation(marked, inputs, clock.now());
      if (plan.kind === "refuse") throw new PartialFailure(marked, externalRotation(inputs, plan.reason));
      // It did not go out at once: the verification came first.
      await context.operation.beforeLateSend();
      return generate(inputs, state, context);
    }
    return { ...state, ...keptInputs(inputs), status: verdict.kind };
  }

  return {
    diff: (outputs, inputs) => planRotation(readState(outputs), inputs, clock.now()),

    create: (inputs) => (inputs.adopt === undefined ? generate(inputs, undefined) : adopt(inputs, inputs.adopt)),

    read: async (outputs) => {
      const state = readState(outputs);
      return refresh(edge, state, begin(state));
    },

    update: async (outputs, inputs) => {
      const state = readState(outputs);
      const plan = planRotation(state, inputs, clock.now());
      switch (plan.kind) {
        case "adopt":
          return { ...(await adopt(inputs, plan.key)), ...identityOf(state) };
        case "refuse":
          throw externalRotation(inputs, plan.reason);
        case "keep":
          return settle(state, inputs);
        case "generate":
          return generate(inputs, state);
        case "replace":
          // Pulumi creates in the place of a replaced resource; if it ever updates, nothing of the old tunnel holds.
          return generate(inputs, undefined);
      }
    },
  };
}

/** A resource's id, which does not change when the key does. */
export function idOf({ accountId, ipsecTunnelId }: TunnelRef): string {
  return `${accountId}/${ipsecTunnelId}`;
}

function whatIsLeft(
  inputs: Inputs,
  before: StoredState | undefined,
  { received, lost }: GenerationFailure,
): StoredState | undefined {
  if (received !== undefined) {
    // A failed update keeps the old triggers, or their absence, so that the next `up` still sees the change.
    const state = toState(before ?? inputs, received);
    // A straggler of our own may be what came after: that is no rotation of somebody else's, so it must not ask the user.
    const marked = lost ? markLost(state) : state;
    return before === undefined ? marked : withHistory(before, marked);
  }
  // Nothing to keep of a creation: the next `up` creates again.
  if (!lost || before === undefined) return undefined;
  return { ...before, status: "lost" };
}

function toState(inputs: Inputs, key: Omit<StoredPsk, "stateVersion">): StoredState {
  return { ...keptInputs(inputs), ...key, stateVersion: STATE_VERSION };
}

// An answer without `ipsec_id` takes nothing away from what is known, and a rotation does not forget an adoption.
function withHistory(before: StoredState, after: StoredState): StoredState {
  const { adoptedOn } = before;
  return { ...identityOf(before), ...(adoptedOn !== undefined && { adoptedOn }), ...after };
}

function identityOf({ ipsecId }: StoredState): Pick<StoredState, "ipsecId"> {
  return ipsecId === undefined ? {} : { ipsecId };
}

// Only what the next diff needs: bytes of state are seconds of `up`.
function keptInputs({ accountId, ipsecTunnelId, rotationTriggers }: Inputs | StoredState) {
  return { accountId, ipsecTunnelId, ...(rotationTriggers !== undefined && { rotationTriggers }) };
}
