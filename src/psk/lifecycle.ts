import { checkInputs, type InputProblem, type Inputs } from "./inputs";
import { type Plan, planRotation } from "./rotation";
import { readState, STATE_VERSION, type StoredState } from "./state";

export interface TunnelRef {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
}

export interface GeneratedPsk {
  readonly psk: string;
  readonly lastGeneratedOn?: string;
  readonly ipsecId?: string;
}

/** What the lifecycle needs of Cloudflare. */
export interface Tunnels {
  /** Generates a key, which is in force at once. */
  generate(tunnel: TunnelRef): Promise<GeneratedPsk>;
  /** Whether the tunnel exists: `false` only on Cloudflare's word. */
  exists(tunnel: TunnelRef): Promise<boolean>;
}

/** The life of one resource: what Pulumi's verbs mean for a key that can be made, but never read back. */
export interface Lifecycle {
  check(inputs: Readonly<Record<string, unknown>>): readonly InputProblem[];
  diff(state: unknown, inputs: Inputs): Plan;
  create(inputs: Inputs): Promise<StoredState>;
  /** @returns `undefined` if the tunnel is gone. */
  read(state: unknown): Promise<StoredState | undefined>;
  update(state: unknown, inputs: Inputs): Promise<StoredState>;
}

export function createLifecycle(tunnels: Tunnels): Lifecycle {
  const generateFor = async (inputs: Inputs): Promise<StoredState> => ({
    ...toStored(inputs),
    ...(await tunnels.generate(tunnelOf(inputs))),
    // Nothing has compared the key's time stamp with the edge's yet.
    status: "unverified",
    stateVersion: STATE_VERSION,
  });

  return {
    check: checkInputs,

    diff: (outputs, inputs) => planRotation(readState(outputs), inputs),

    create: generateFor,

    async read(outputs) {
      const state = readState(outputs);
      // The API never shows a key, so the stored one and its time stamp are carried along.
      return (await tunnels.exists(tunnelOf(state))) ? state : undefined;
    },

    async update(outputs, inputs) {
      const state = readState(outputs);
      const plan = planRotation(state, inputs);
      // Pulumi also calls for an update after failures; without a reason of ours the key stays.
      return plan.kind === "keep" ? { ...state, ...toStored(inputs) } : generateFor(inputs);
    },
  };
}

/** A resource's id, which does not change when the key does. */
export function idOf({ accountId, ipsecTunnelId }: TunnelRef): string {
  return `${accountId}/${ipsecTunnelId}`;
}

function tunnelOf({ accountId, ipsecTunnelId }: TunnelRef): TunnelRef {
  return { accountId, ipsecTunnelId };
}

// Only what the next diff needs: bytes of state are seconds of `up`.
function toStored({ accountId, ipsecTunnelId, rotationTriggers }: Inputs) {
  return { accountId, ipsecTunnelId, ...(rotationTriggers !== undefined && { rotationTriggers }) };
}
