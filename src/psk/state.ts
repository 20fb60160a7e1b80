import { z } from "zod";
import { IpsecTunnelPskError } from "../errors";

/**
 * Whether the key in the state is the key at Cloudflare's edge:
 *
 * - `inForce`: a read after the generation showed its time stamp;
 * - `unverified`: nothing speaks against it, but no read has shown it; the next refresh settles it;
 * - `superseded`: another key was generated at `supersededOn`;
 * - `lost`: the edge has another key, or none: one was generated and its answer lost, or the tunnel shows no key.
 */
export type PskStatus = "inForce" | "unverified" | "superseded" | "lost";

/** What a resource keeps in Pulumi's state beside the inputs that the next diff needs. */
export interface StoredPsk {
  /** Cannot be read back from Cloudflare: what is lost here is lost. */
  readonly psk: string;
  /** RFC 3339, UTC, as Cloudflare sent it. Always belongs to the stored key. */
  readonly lastGeneratedOn?: string;
  /** RFC 3339, UTC: the generation by this machine's clock, if that was more than an hour wrong. The key's age counts from it. */
  readonly localGeneratedOn?: string;
  /** Cloudflare's name of the tunnel in IKE, `<conduit id>_<tunnel id>`, where the API sent one. */
  readonly ipsecId?: string;
  readonly status: PskStatus;
  /** The edge's time stamp that made the key `superseded`. */
  readonly supersededOn?: string;
  /** `adopt.lastGeneratedOn` of the last adoption that was carried out. */
  readonly adoptedOn?: string;
  /** Shape of the stored outputs: {@link STATE_VERSION} of the release that wrote them. */
  readonly stateVersion: number;
}

/** A resource as it stands in the state: the old outputs that Pulumi hands to `diff`, `read`, `update` and `delete`. */
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
  status: z.enum(["inForce", "unverified", "superseded", "lost"]),
  supersededOn: z.string().optional(),
  adoptedOn: z.string().optional(),
  stateVersion: z.int().min(1),
} satisfies Record<keyof StoredState, z.ZodType>);

const versioned = z.object({ stateVersion: z.number().catch(0) }).catch({ stateVersion: 0 });

/**
 * Reads stored outputs of any release up to this one.
 *
 * @throws {IpsecTunnelPskError} `ERR_INVALID_STATE` if they are of a later one, or damaged. Values are never quoted.
 */
export function readState(outputs: unknown): StoredState {
  // First, for a later release may have changed the rest.
  const { stateVersion } = versioned.parse(outputs);
  if (stateVersion > STATE_VERSION) {
    throw new IpsecTunnelPskError("ERR_INVALID_STATE", {
      what: `Cannot read the stored state of the resource as a later release wrote it (version ${stateVersion}, known ${STATE_VERSION})`,
      remedy: "Upgrade pulumi-cloudflare-ipsec-psk.",
    });
  }
  const parsed = schema.safeParse(outputs);
  if (parsed.success) return parsed.data as StoredState;

  const names = parsed.error.issues.map(({ path }) => path.join(".") || "all of it").join(", ");
  throw new IpsecTunnelPskError("ERR_INVALID_STATE", {
    what: `Cannot read the stored state of the resource as it is damaged in: ${names}`,
    remedy: "Restore an earlier checkpoint, or remove the resource with `pulumi state delete` and create it again.",
  });
}

/** Nobody's key is known to be in force any more, so nobody's time stamp counts. */
export function markLost(state: StoredState): StoredState {
  const marked: StoredState = { ...state, status: "lost" };
  return Object.fromEntries(
    Object.entries(marked).filter(([name]) => name !== "supersededOn"),
  ) as unknown as StoredState;
}
