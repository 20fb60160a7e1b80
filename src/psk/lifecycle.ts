import { IpsecTunnelPskError } from "../errors";
import type { Operation } from "../tunnel";
import { skewText } from "./clock-skew";
import { type Clock, type Deadline, startDeadline } from "./deadline";
import { detectDrift, type DriftReads, isDrift } from "./drift";
import { checkExistingKey } from "./existing-key";
import { generateAndVerify, GenerationFailure } from "./generation";
import type { ExistingKey, Inputs, ResolvedInputs } from "./inputs";
import type { Limits } from "./limits";
import { PartialFailure } from "./partial-failure";
import { refresh } from "./refresh";
import {
  isByName,
  movedName,
  movedSincePlan,
  type NameReads,
  type Naming,
  resolve,
  resolveChanged,
  resolvedByState,
  type Resolution,
} from "./resolution";
import { externalRotation, type Plan, planRotation } from "./rotation";
import {
  idOf,
  markLost,
  markSuperseded,
  readState,
  requireWellFormed,
  stateAfter,
  type StatedKey,
  stateKept,
  stateOf,
  stateOfExisting,
  type StoredState,
} from "./state";
import { type KeyDates, latest } from "./timestamp";
import type { TunnelApi } from "./tunnel-api";
import { createTunnelClaims, type TunnelClaims } from "./tunnel-claims";
import { verify } from "./verification";

/** What the lifecycle needs of the world around it. */
export interface LifecycleOptions {
  /** Opens the tunnels, at each use. */
  readonly tunnels: () => Promise<TunnelApi>;
  readonly clock: Clock;
  /** Called at each use, because a process reads its settings after it has loaded this code. */
  readonly limits: () => Limits;
  /** Takes a line about a tunnel that the user should read. */
  readonly announce: (tunnel: NamedTunnel, line: string) => void;
  /** Fails if the engine that started this operation has exited: then a new key would be lost. */
  readonly requireEngine: () => Promise<void>;
  /** How a diff looks for drift, or `undefined` if it does not. */
  readonly drift: () => Promise<DriftReads | undefined>;
  /** How a diff looks up the name of a tunnel. */
  readonly names: () => Promise<NameReads>;
  /** Default: claims of its own. */
  readonly claims?: TunnelClaims;
}

/** A tunnel as a program names it. */
export type NamedTunnel = Pick<Inputs, "ipsecTunnelId" | "ipsecTunnelName">;

/** What one operation sets for itself, instead of the defaults of its process. */
export interface OperationOptions {
  /** Milliseconds for the operation, without the waits that Cloudflare asks for. Default: `operationTimeoutMs`. */
  readonly timeoutMs?: number;
  /** The resource's ID in the state, which must name the same tunnel as its outputs. Default: it is not compared. */
  readonly id?: string;
  /** How the last `up` named the tunnel. Default: as when the state was written. */
  readonly last?: Naming | undefined;
  /** Takes the operation's lines. Default: {@link LifecycleOptions.announce}. */
  readonly announce?: (line: string) => void;
}

/** The life of one resource: what Pulumi's verbs mean for a key that can be generated, but never read again. */
export interface Lifecycle {
  /** Plans by the stored state, and by a look at the edge for drift. */
  diff(state: unknown, inputs: Inputs, options?: OperationOptions): Promise<Plan>;
  /** @throws {PartialFailure} if it failed after it received a key. */
  create(inputs: Inputs, options?: OperationOptions): Promise<StoredState>;
  /** @returns `undefined` if the tunnel is gone. */
  read(state: unknown, options?: OperationOptions): Promise<StoredState | undefined>;
  /** @throws {PartialFailure} if it failed and the stored key may no longer be active. */
  update(state: unknown, inputs: Inputs, options?: OperationOptions): Promise<StoredState>;
}

interface Context {
  readonly tunnels: TunnelApi;
  readonly operation: Operation;
  readonly deadline: Deadline;
  readonly clock: Clock;
  readonly limits: Limits;
}

export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { tunnels, clock, limits, announce, requireEngine, drift, names, claims = createTunnelClaims() } = options;
  // What a refresh has just read, the diff of the same refresh need not look for.
  const refreshed = new Set<string>();
  // Read by a refresh, whose own diff comes next: that one has the arguments of the last `up`, perhaps of a resource that is no more.
  const inRefresh = new Set<string>();
  // Accounts whose list lacks a tunnel.
  const lacking = new Set<string>();
  let hasToldSkew = false;

  async function begin(tunnel: NamedTunnel, options: OperationOptions = {}): Promise<Context> {
    const deadline = startDeadline(clock, options.timeoutMs ?? limits().operationTimeoutMs);
    const operation: Operation = {
      announce: announcer(tunnel, options),
      onCloudflareWait: deadline.extend,
      beforeLateSend: requireEngine,
    };
    return { tunnels: await tunnels(), operation, deadline, clock, limits: limits() };
  }

  function announcer(tunnel: NamedTunnel, options: OperationOptions = {}): (line: string) => void {
    return (
      options.announce ??
      ((line) => {
        announce(tunnel, line);
      })
    );
  }

  async function generate(
    inputs: ResolvedInputs,
    before: StoredState | undefined,
    context: Context,
  ): Promise<StoredState> {
    // Even before the first request: other processes can call a provider whose engine was killed.
    await requireEngine();
    try {
      const key = await generateAndVerify(context.tunnels, inputs, context, before && shownIn(before));
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

  async function takeOver(
    inputs: ResolvedInputs,
    before: StoredState | undefined,
    key: ExistingKey,
    { tunnels, operation }: Context,
  ): Promise<StoredState> {
    return stateOfExisting(before, inputs, await checkExistingKey(tunnels, inputs, key, operation));
  }

  async function resolveInDiff(inputs: Inputs, state: StoredState, last?: Naming): Promise<Resolution> {
    const stored = resolvedByState(inputs, state, last);
    if (stored === undefined)
      return isByName(inputs) ? resolveChanged(await names(), inputs, state) : { kind: "missing" };
    return { kind: "found", inputs: (await lookForAnotherTunnel(inputs, state)) ?? stored };
  }

  // Before a rotation, too: no key must be generated for a tunnel that has left its name.
  async function lookForAnotherTunnel(inputs: Inputs, state: StoredState): Promise<ResolvedInputs | undefined> {
    if (!isByName(inputs) || inputs.ipsecTunnelCreatedOn !== undefined || inputs.accountId !== state.accountId)
      return undefined;
    return (await drift()) && movedName(await names(), inputs, state);
  }

  async function lookForDrift(state: StoredState, tell: (line: string) => void): Promise<StoredState> {
    const reads = refreshed.has(idOf(state)) ? undefined : await drift();
    if (reads === undefined) return state;
    const { state: judged, isMissing } = await detectDrift(reads, state);
    // A list may lack all of them: one line is read, and hundreds are not.
    if (isMissing && !lacking.has(state.accountId))
      tell("the account's list does not have this tunnel, and perhaps lacks others; run `pulumi refresh` to check");
    if (isMissing) lacking.add(state.accountId);
    return judged;
  }

  /**
   * Verifies the stored key. Pulumi forces an update after a partial failure, even if the program no longer asks for a new key,
   * and after a diff that has seen drift: neither shows in the stored state.
   */
  async function verifyStored(state: StoredState, inputs: ResolvedInputs, context: Context): Promise<StoredState> {
    const verdict = await verify(context.tunnels, inputs, state, context);
    if (verdict.kind === "active") return stateKept(state, inputs, "active");
    const other = verdict.kind === "overwritten" ? verdict.generatedOn : verdict.lastGeneratedOn;
    const isOverwritten = other !== undefined && isDrift(state, other);
    if (!isOverwritten && verdict.kind === "unverified" && !verdict.isKeyless)
      return stateKept(state, inputs, "unverified");

    const marked = isOverwritten ? markSuperseded(state, other) : markLost(state);
    const plan = planRotation(marked, inputs, clock.now());
    if (plan.kind === "refuse") throw new PartialFailure(marked, externalRotation(state, inputs, plan.reason));
    try {
      return await generate(inputs, marked, context);
    } catch (error) {
      // The stored state does not say yet that its key is no longer active.
      throw error instanceof IpsecTunnelPskError ? new PartialFailure(marked, error) : error;
    }
  }

  return {
    diff: async (outputs, inputs, options) => {
      const state = readState(outputs, options?.id);
      requireWellFormed(inputs, state);
      const isOfRefresh = inRefresh.delete(idOf(state));
      const resolution = await resolveInDiff(inputs, state, options?.last);
      if (resolution.kind === "another") return { kind: "replace", properties: ["ipsecTunnelId"] };
      if (resolution.kind === "missing") return { kind: "find" };
      const { inputs: resolved } = resolution;
      if (!isOfRefresh) claims.claimInDiff(resolved);
      const plan = planRotation(state, resolved, clock.now());
      // Only a resource that would be kept can have drifted unnoticed.
      if (plan.kind !== "keep") return plan;
      return planRotation(await lookForDrift(state, announcer(state, options)), resolved, clock.now());
    },

    create: async (inputs, options) => {
      const context = await begin(inputs, options);
      const resolved = await resolve(context.tunnels, inputs, context);
      claims.claim(resolved);
      const { existingKey } = inputs;
      if (existingKey === undefined) return generate(resolved, undefined, context);
      return takeOver(resolved, undefined, existingKey, context);
    },

    read: async (outputs, options) => {
      const state = readState(outputs, options?.id);
      const context = await begin(state, options);
      const read = await refresh(context.tunnels, state, context);
      const mark = read === undefined || read.status === state.status ? undefined : markText(read);
      if (mark !== undefined) context.operation.announce(mark);
      refreshed.add(idOf(state));
      if (read !== undefined) inRefresh.add(idOf(state));
      return read;
    },

    update: async (outputs, given, options) => {
      const state = readState(outputs, options?.id);
      const context = await begin(given, options);
      const inputs = resolvedByState(given, state, options?.last) ?? (await resolve(context.tunnels, given, context));
      claims.claim(inputs);
      if (isByName(inputs) && inputs.ipsecTunnelId !== state.ipsecTunnelId) throw movedSincePlan(inputs, state);
      const plan = planRotation(state, inputs, clock.now());
      switch (plan.kind) {
        case "takeOver":
          return takeOver(inputs, state, plan.key, context);
        case "refuse":
          throw externalRotation(state, inputs, plan.reason);
        case "keep":
          return verifyStored(state, inputs, context);
        case "generate":
        case "set":
          return generate(inputs, state, context);
        case "replace":
          // Pulumi creates a resource to replace another; if it ever updates, nothing of the old tunnel holds.
          return generate(inputs, undefined, context);
      }
    },
  };
}

// Pulumi shows that a refresh changed a resource, and only with --diff what.
function markText({ status, supersededOn }: StoredState): string | undefined {
  if (status === "superseded")
    return `someone else rotated the key at ${supersededOn ?? "an unknown time"}. \`pulumi up\` replaces it, or stops if onExternalRotation is "fail"`;
  return status === "lost" ? "the key in the state is no longer active. `pulumi up` replaces it" : undefined;
}

/** The newest timestamp of the tunnel that the state knows. */
function shownIn({ lastGeneratedOn, supersededOn, unmovedTimestamp }: StoredState): string | undefined {
  return latest(lastGeneratedOn, supersededOn, unmovedTimestamp);
}

function withKey(inputs: ResolvedInputs | StoredState, before: StoredState | undefined, key: StatedKey): StoredState {
  return before === undefined ? stateOf(inputs, key) : stateAfter(before, inputs, key);
}

function whatIsLeft(
  inputs: ResolvedInputs,
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
