import { z } from "zod";
import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import { isTimestamp } from "../rfc3339";
import { canonicalId, isId, type TunnelRef, withCanonicalIds } from "../tunnel";
import { type ExistingKey, type Inputs, malformedInputs, type ResolvedInputs } from "./inputs";
import type { MarkedPsk, SetMarks } from "./key-source";
import { pathOf } from "./quote";

/**
 * Whether the key in the state is the active one:
 *
 * - `active`: a read after the generation showed its timestamp;
 * - `unverified`: nothing speaks against it, but no read has shown it yet; the next refresh verifies it, unless the key was set
 *   and that did not move the timestamp;
 * - `superseded`: another key was generated at `supersededOn`;
 * - `lost`: another key is active, or none: a response with a key was lost, or the tunnel shows no key.
 */
export type PskStatus = "active" | "unverified" | "superseded" | "lost";

/** What a resource keeps in Pulumi's state besides the inputs that the next diff needs. */
export interface StoredPsk extends SetMarks {
  /** Cloudflare never returns it again: this is the only copy. */
  readonly psk: string;
  /** RFC 3339, UTC, as Cloudflare sent it. Always belongs to the stored key. */
  readonly lastGeneratedOn?: string;
  /**
   * RFC 3339, UTC: the generation by this machine's clock, if that was more than an hour wrong or no timestamp at Cloudflare is
   * that of the key. The key's age counts from it.
   */
  readonly localGeneratedOn?: string;
  /** The tunnel's name in IKE, `<conduit ID>_<tunnel ID>`, if the API sent one. */
  readonly ipsecId?: string;
  readonly status: PskStatus;
  /** The timestamp of the key that superseded this one. */
  readonly supersededOn?: string;
  /** `lastGeneratedOn` of the last existing key that was taken over, with the fraction of its second. */
  readonly existingKeyGeneratedOn?: string;
  /** Shape of the stored outputs: {@link STATE_VERSION} of the release that wrote them. */
  readonly stateVersion: number;
}

/** A resource as it stands in the state: the old outputs that Pulumi passes to `diff`, `read`, `update` and `delete`. */
export interface StoredState extends StoredPsk {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
  /** The name by which the program named the tunnel, if it did. */
  readonly ipsecTunnelName?: string;
  /** RFC 3339, UTC: when the tunnel of that name was created, as the list showed it, or else as the program said. */
  readonly ipsecTunnelCreatedOn?: string;
  readonly rotationTriggers?: Readonly<Record<string, string>>;
}

/** Raised when the stored outputs change shape. Every state that a release has written must stay readable. */
export const STATE_VERSION = 1;

const id = z.string().refine(isId);
const timestamp = z.string().refine(isTimestamp);

// As strict as the checks of a program's arguments: a state may have been edited.
// `satisfies`: a property that is missing here would be lost in the next update.
const schema = z.object({
  accountId: id,
  ipsecTunnelId: id,
  ipsecTunnelName: z.string().min(1).optional(),
  ipsecTunnelCreatedOn: timestamp.optional(),
  rotationTriggers: z.record(z.string(), z.string()).optional(),
  psk: z.string().min(1),
  lastGeneratedOn: timestamp.optional(),
  localGeneratedOn: timestamp.optional(),
  ipsecId: z.string().optional(),
  status: z.enum(["active", "unverified", "superseded", "lost"]),
  supersededOn: timestamp.optional(),
  existingKeyGeneratedOn: timestamp.optional(),
  isSet: z.literal(true).optional(),
  unmovedTimestamp: timestamp.optional(),
  stateVersion: z.int().min(1),
} satisfies Record<keyof StoredState, z.ZodType>);

const named = z.object({ ipsecTunnelId: z.string().optional().catch(undefined) }).catch({});
const versioned = z.object({ stateVersion: z.number().catch(0) }).catch({ stateVersion: 0 });

/**
 * Reads stored outputs of any release up to this one.
 *
 * @param resourceId - The resource's ID in the state, which names the same tunnel. Default: it is not compared.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_STATE` if a later release wrote them, or if they are damaged. Values are never quoted.
 */
export function readState(outputs: unknown, resourceId?: string): StoredState {
  // First, because a later release may have changed the rest.
  const { stateVersion } = versioned.parse(outputs);
  if (stateVersion > STATE_VERSION) {
    throw new IpsecTunnelPskError("ERR_INVALID_STATE", {
      summary: `Cannot read the stored state of ${subjectOf(outputs, resourceId)}: a later release wrote it (version ${stateVersion}, known ${STATE_VERSION})`,
      remedy: "Upgrade pulumi-cloudflare-ipsec-psk.",
    });
  }
  const parsed = schema.safeParse(outputs);
  if (!parsed.success) throw damagedState(parsed.error.issues.map(pathIn), outputs, resourceId);

  const state = withCanonicalIds(parsed.data as StoredState);
  if (resourceId !== undefined && canonicalId(resourceId) !== idOf(state))
    throw damagedState(["id, which names another tunnel than accountId and ipsecTunnelId"], outputs, resourceId);
  return state;
}

/**
 * Checks the form of inputs that a refresh takes from the state, where they may have been edited; what a program gives has been
 * checked before.
 *
 * @throws {IpsecTunnelPskError} `ERR_INVALID_STATE`
 */
export function requireWellFormed(inputs: Inputs, state: StoredState): void {
  const names = malformedInputs(inputs);
  if (names.length > 0)
    throw damagedState(
      names.map((name) => `inputs.${name}`),
      state,
    );
}

/** Returns the error raised for a state that someone edited, or that was damaged: nothing is sent for it. */
function damagedState(names: readonly string[], outputs: unknown, resourceId?: string): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_INVALID_STATE", {
    summary: `Cannot read the stored state of ${subjectOf(outputs, resourceId)}: it is damaged in ${names.join(", ")}`,
    remedy:
      "Correct it with `pulumi state edit`, or restore an earlier checkpoint. If neither is possible, remove the resource with " +
      "`pulumi state delete`: the next `pulumi up` creates it again, with a new key.",
  });
}

// The ID of the resource is not secret, but it may be damaged, too: what is shown has the form of an ID.
function subjectOf(outputs: unknown, resourceId = ""): string {
  const { ipsecTunnelId } = named.parse(outputs);
  const tunnelId = [ipsecTunnelId, resourceId.split("/")[1]].find((text) => text !== undefined && isId(text));
  return tunnelId === undefined ? "the resource" : `IPsec tunnel ${tunnelId}`;
}

function pathIn({ path }: { readonly path: readonly PropertyKey[] }): string {
  const [property, ...keys] = path.map(String);
  return property === undefined ? "all of it" : keys.reduce(pathOf, property);
}

/** A key that was received, and what is known of it. */
export type StatedKey = MarkedPsk & Pick<StoredPsk, "status" | "supersededOn">;

/** Returns the state of a resource that has just been given a key. */
export function stateOf(inputs: ResolvedInputs | StoredState, key: StatedKey): StoredState {
  return { ...keptInputs(inputs), ...key, stateVersion: STATE_VERSION };
}

/**
 * Returns the state of a resource that had another key before: a response without `ipsec_id` does not remove the one that is
 * known, and a rotation does not forget which existing key was taken over.
 */
export function stateAfter(before: StoredState, inputs: ResolvedInputs | StoredState, key: StatedKey): StoredState {
  const { ipsecId, existingKeyGeneratedOn } = before;
  return { ...given({ ipsecId, existingKeyGeneratedOn }), ...stateOf(inputs, key) };
}

/** Returns the state of a resource whose key is one that the program names. */
export function stateOfExisting(
  before: StoredState | undefined,
  inputs: ResolvedInputs,
  key: ExistingKey,
): StoredState {
  const { psk, lastGeneratedOn } = key;
  const isSet = inputs.psk === undefined ? undefined : (true as const);
  const state = stateOf(inputs, { psk, lastGeneratedOn, ...given({ isSet }), status: "active" });
  return { ...given({ ipsecId: before?.ipsecId }), ...state, existingKeyGeneratedOn: lastGeneratedOn };
}

/** Returns the state of a resource that keeps its key, with what the program asks for now. */
export function stateKept(state: StoredState, inputs: ResolvedInputs, status: "active" | "unverified"): StoredState {
  // What the program no longer gives must not stay.
  const unnamed = given({ ...state, ipsecTunnelName: undefined, ipsecTunnelCreatedOn: undefined }) as StoredState;
  return { ...unnamed, ...keptInputs(inputs), status };
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
function keptInputs(inputs: ResolvedInputs | StoredState) {
  const { accountId, ipsecTunnelId, ipsecTunnelName, ipsecTunnelCreatedOn, rotationTriggers } = inputs;
  return { accountId, ipsecTunnelId, ...given({ ipsecTunnelName, ipsecTunnelCreatedOn, rotationTriggers }) };
}
