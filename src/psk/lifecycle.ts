import type { IpsecTunnelPskError } from "../errors";
import type { Operation, TunnelRef } from "../tunnel";
import { skewText } from "./clock-skew";
import { type Clock, startDeadline } from "./deadline";
import { checkExistingKey } from "./existing-key";
import { generateAndVerify, GenerationFailure } from "./generation";
import type { ExistingKey, Inputs } from "./inputs";
import type { Limits } from "./limits";
import { refresh } from "./refresh";
import { externalRotation, type Plan, planRotation } from "./rotation";
import {
  markLost,
  markSuperseded,
  readState,
  stateAfter,
  type StatedKey,
  stateKept,
  stateOf,
  stateOfExisting,
  type StoredState,
} from "./state";
import type { KeyDates } from "./timestamp";
import type { TunnelApi } from "./tunnel-api";
import { verify } from "./verification";

/** What the lifecycle needs of the world around it. */
export interface LifecycleOptions {
  readonly tunnels: TunnelApi;
  readonly clock: Clock;
  /** Called at each use, because a process reads its settings after it has loaded this code. */
  readonly limits: () => Limits;
  /** Takes a line about a tunnel that the user should read. */
  readonly announce: (tunnel: TunnelRef, line: string) => void;
  /** Fails if the engine that started this operation has exited: then a new key would be lost. */
  readonly requireEngine: () => Promise<void>;
}

/** The life of one resource: what Pulumi's verbs mean for a key that can be generated, but never read again. */
export interface Lifecycle {
  diff(state: unknown, inputs: Inputs): Plan;
  /** @throws {PartialFailure} if it failed after it received a key. */
  create(inputs: Inputs): Promise<StoredState>;
  /** @returns `undefined` if the tunnel is gone. */
  read(state: unknown): Promise<StoredState | undefined>;
  /** @throws {PartialFailure} if it failed and the stored key may no longer be active. */
  update(state: unknown, inputs: Inputs): Promise<StoredState>;
}

/** An operation that failed but has a result that the state must not lose. */
export class PartialFailure extends Error {
  constructor(
    /** What goes into the state, with a mark that makes the next `up` act. */
    readonly state: StoredState,
    override readonly cause: IpsecTunnelPskError,
  ) {
    super(cause.message);
  }
}

export function createLifecycle({ tunnels, clock, limits, announce, requireEngine }: LifecycleOptions): Lifecycle {
  let hasToldSkew = false;

  function begin(tunnel: TunnelRef) {
    const deadline = startDeadline(clock, limits().operationTimeoutMs);
    const operation: Operation = {
      announce: (line) => {
        announce(tunnel, line);
      },
      onCloudflareWait: deadline.extend,
      beforeLateSend: requireEngine,
    };
    return { operation, deadline, clock, limits: limits() };
  }

  async function generate(
    inputs: Inputs,
    before: StoredState | undefined,
    context = begin(inputs),
  ): Promise<StoredState> {
    try {
      const key = await generateAndVerify(tunnels, inputs, context);
      tellSkew(key, context.operation);
      return withKey(inputs, before, key);
    } catch (error) {
      if (!(error instanceof GenerationFailure)) throw error;
      if (error.received !== undefined) tellSkew(error.received, context.operation);
      const left = whatIsLeft(inputs, before, error);
      throw left === undefined ? error.cause : new PartialFailure(left, error.cause);
    }
  }

  // Once: with hundreds of keys, one line is read and hundreds are not.
  function tellSkew(key: KeyDates, operation: Operation): void {
    const text = skewText(key);
    if (text !== undefined && !hasToldSkew) operation.announce(text);
    hasToldSkew ||= text !== undefined;
  }

  async function takeOver(inputs: Inputs, before: StoredState | undefined, key: ExistingKey): Promise<StoredState> {
    await checkExistingKey(tunnels, inputs, key, begin(inputs).operation);
    return stateOfExisting(before, inputs, key);
  }

  /** Verifies the stored key: Pulumi forces an update after a partial failure, even if the program no longer asks for a new key. */
  async function verifyStored(state: StoredState, inputs: Inputs): Promise<StoredState> {
    const context = begin(inputs);
    const verdict = await verify(tunnels, inputs, state, context);
    if (verdict.kind !== "overwritten") return stateKept(state, inputs, verdict.kind);

    const marked = markSuperseded(state, verdict.generatedOn);
    const plan = planRotation(marked, inputs, clock.now());
    if (plan.kind === "refuse") throw new PartialFailure(marked, externalRotation(inputs, plan.reason));
    // This generation is delayed: the verification came first.
    await context.operation.beforeLateSend();
    return generate(inputs, state, context);
  }

  return {
    diff: (outputs, inputs) => planRotation(readState(outputs), inputs, clock.now()),

    create: (inputs) =>
      inputs.existingKey === undefined ? generate(inputs, undefined) : takeOver(inputs, undefined, inputs.existingKey),

    read: async (outputs) => {
      const state = readState(outputs);
      return refresh(tunnels, state, begin(state));
    },

    update: async (outputs, inputs) => {
      const state = readState(outputs);
      const plan = planRotation(state, inputs, clock.now());
      switch (plan.kind) {
        case "takeOver":
          return takeOver(inputs, state, plan.key);
        case "refuse":
          throw externalRotation(inputs, plan.reason);
        case "keep":
          return verifyStored(state, inputs);
        case "generate":
          return generate(inputs, state);
        case "replace":
          // Pulumi creates a resource to replace another; if it ever updates, nothing of the old tunnel holds.
          return generate(inputs, undefined);
      }
    },
  };
}

function withKey(inputs: Inputs | StoredState, before: StoredState | undefined, key: StatedKey): StoredState {
  return before === undefined ? stateOf(inputs, key) : stateAfter(before, inputs, key);
}

function whatIsLeft(
  inputs: Inputs,
  before: StoredState | undefined,
  { received, lost }: GenerationFailure,
): StoredState | undefined {
  if (received !== undefined) {
    // A failed update keeps the old triggers, or their absence, so that the next `up` still sees the change.
    const state = withKey(before ?? inputs, before, received);
    // A late request of ours may be what came after: that is not a rotation by someone else, so it must not ask the user.
    return lost ? markLost(state) : state;
  }
  // There is nothing to keep of a creation: the next `up` creates again.
  return lost && before !== undefined ? markLost(before) : undefined;
}
