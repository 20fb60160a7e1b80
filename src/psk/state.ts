import { z } from "zod";
import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import type { TunnelRef } from "../tunnel";
import type { DatedPsk } from "./clock-skew";
import type { ExistingKey, Inputs } from "./inputs";

/**
 * Whether the key in the state is the active one:
 *
 * - `active`: a read after the generation showed its timestamp;
 * - `unverified`: nothing speaks against it, but no read has shown it yet; the next refresh verifies it;
 * - `superseded`: another key was generated at `supersededOn`;
 * - `lost`: another key is active, or none: a response with a key was lost, or the tunnel shows no key.
 */
export type PskStatus = "active" | "unverified" | "superseded" | "lost";

/** What a resource keeps in Pulumi's state besides the inputs that the next diff needs. */
export interface StoredPsk {
  /** Cloudflare never returns it again: this is the only copy. */
  readonly psk: string;
  /** RFC 3339, UTC, as Cloudflare sent it. Always belongs to the stored key. */
  readonly lastGeneratedOn?: string;
  /** RFC 3339, UTC: the generation by this machine's clock, if that was more than an hour wrong. The key's age counts from it. */
  readonly localGeneratedOn?: string;
  /** The tunnel's name in IKE, `<conduit ID>_<tunnel ID>`, if the API sent one. */
  readonly ipsecId?: string;
  readonly status: PskStatus;
  /** The timestamp of the key that superseded this one. */
  readonly supersededOn?: string;
  /** `existingKey.lastGeneratedOn` of the last existing key that was taken over. */
  readonly existingKeyGeneratedOn?: string;
  /** Shape of the stored outputs: {@link STATE_VERSION} of the release that wrote them. */
  readonly stateVersion: number;
}

/** A resource as it stands in the state: the old outputs that Pulumi passes to `diff`, `read`, `update` and `delete`. */
export interface StoredState extends StoredPsk {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
  readonly rotationTriggers?: Readonly<Record<string, string>>;
}

/** Raised when the stored outputs change shape. Every state that a release has written must stay readable. */
export const STATE_VERSION = 1;

// `satisfies`: a property that is missing here would be lost in the next update.
const schema = z.object({
  accountId: z.string(),
  ipsecTunnelId: z.string(),
  rotationTriggers: z.record(z.string(), z.string()).optional(),
  psk: z.string(),
  lastGeneratedOn: z.string().optional(),
  localGeneratedOn: z.string().optional(),
  ipsecId: z.string().optional(),
  status: z.enum(["active", "unverified", "superseded", "lost"]),
  supersededOn: z.string().optional(),
  existingKeyGeneratedOn: z.string().optional(),
  stateVersion: z.int().min(1),
} satisfies Record<keyof StoredState, z.ZodType>);

const versioned = z.object({ stateVersion: z.number().catch(0) }).catch({ stateVersion: 0 });

/**
 * Reads stored outputs of any release up to this one.
 *
 * @throws {IpsecTunnelPskError} `ERR_INVALID_STATE` if a later release wrote them, or if they are damaged. Values are never quoted.
 */
export function readState(outputs: unknown): StoredState {
  // First, because a later release may have changed the rest.
  const { stateVersion } = versioned.parse(outputs);
  if (stateVersion > STATE_VERSION) {
    throw new IpsecTunnelPskError("ERR_INVALID_STATE", {
      summary: `Cannot read the stored state of the resource: a later release wrote it (version ${stateVersion}, known ${STATE_VERSION})`,
      remedy: "Upgrade pulumi-cloudflare-ipsec-psk.",
    });
  }
  const parsed = schema.safeParse(outputs);
  if (parsed.success) return parsed.data as StoredState;

  const names = parsed.error.issues.map(({ path }) => path.join(".") || "all of it").join(", ");
  throw new IpsecTunnelPskError("ERR_INVALID_STATE", {
    summary: `Cannot read the stored state of the resource: it is damaged in ${names}`,
    remedy: "Restore an earlier checkpoint, or remove the resource with `pulumi state delete` and create it again.",
  });
}

/** A key that was received, and what is known of it. */
export type StatedKey = DatedPsk & Pick<StoredPsk, "status" | "supersededOn">;

/** Returns the state of a resource that has just been given a key. */
export function stateOf(inputs: Inputs | StoredState, key: StatedKey): StoredState {
  return { ...keptInputs(inputs), ...key, stateVersion: STATE_VERSION };
}

/**
 * Returns the state of a resource that had another key before: a response without `ipsec_id` does not remove the one that is
 * known, and a rotation does not forget which existing key was taken over.
 */
export function stateAfter(before: StoredState, inputs: Inputs | StoredState, key: StatedKey): StoredState {
  const { ipsecId, existingKeyGeneratedOn } = before;
  return { ...given({ ipsecId, existingKeyGeneratedOn }), ...stateOf(inputs, key) };
}

/** Returns the state of a resource whose key is one that the program names. */
export function stateOfExisting(before: StoredState | undefined, inputs: Inputs, key: ExistingKey): StoredState {
  const { psk, lastGeneratedOn } = key;
  const state = stateOf(inputs, { psk, lastGeneratedOn, status: "active" });
  return { ...given({ ipsecId: before?.ipsecId }), ...state, existingKeyGeneratedOn: lastGeneratedOn };
}

/** Returns the state of a resource that keeps its key, with what the program asks for now. */
export function stateKept(state: StoredState, inputs: Inputs, status: "active" | "unverified"): StoredState {
  return { ...state, ...keptInputs(inputs), status };
}

/** Marks the key as superseded by one that was generated at another time. */
export function markSuperseded(state: StoredState, supersededOn: string): StoredState {
  return { ...state, status: "superseded", supersededOn };
}

/** Marks the key as lost and drops `supersededOn`, which no longer describes the active key. */
export function markLost(state: StoredState): StoredState {
  return given({ ...state, status: "lost", supersededOn: undefined }) as StoredState;
}

/** Returns a resource's ID, which does not change when the key does. */
export function idOf({ accountId, ipsecTunnelId }: TunnelRef): string {
  return `${accountId}/${ipsecTunnelId}`;
}

// Only what the next diff needs: bytes of state are seconds of `up`.
function keptInputs({ accountId, ipsecTunnelId, rotationTriggers }: Inputs | StoredState) {
  return { accountId, ipsecTunnelId, ...given({ rotationTriggers }) };
}
