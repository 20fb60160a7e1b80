/** Which tunnel: 32 hexadecimal characters each, as {@link canonicalId} returns them. */
export interface TunnelRef {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
}

/** A tunnel as the list of its account shows it. */
export interface ListedTunnel {
  readonly id: string;
  /** As its owner wrote it. Cloudflare lets no two tunnels of an account have the same one. */
  readonly name?: string;
  /** RFC 3339, UTC; a tunnel that is deleted and created again under its name has another one. */
  readonly createdOn?: string;
}

/** Tells whether a text is the ID of an account or a tunnel. Nothing else may get into the path of a request. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}

/**
 * Returns an ID in lower case, as Cloudflare writes and accepts it. Called once, where an ID comes in: in the check of a program's
 * arguments, from a state, or from a response. Everything else compares IDs as they are.
 */
export function canonicalId(id: string): string {
  return id.toLowerCase();
}

/** Returns properties with their IDs in canonical form, as far as they are there. */
export function withCanonicalIds<T extends Partial<TunnelRef>>(properties: T): T {
  const { accountId, ipsecTunnelId } = properties;
  return {
    ...properties,
    ...(typeof accountId === "string" && { accountId: canonicalId(accountId) }),
    ...(typeof ipsecTunnelId === "string" && { ipsecTunnelId: canonicalId(ipsecTunnelId) }),
  };
}

/** A key as Cloudflare returned it: active from then on, and never shown again. */
export interface GeneratedPsk {
  readonly psk: string;
  /** RFC 3339, UTC, with nanoseconds, as Cloudflare sent it. */
  readonly lastGeneratedOn?: string;
  /** The tunnel's name in IKE, `<conduit ID>_<tunnel ID>`. */
  readonly ipsecId?: string;
}

/** What the code that calls Cloudflare needs to know about one operation on one resource. */
export interface Operation {
  /** Takes one line at a time that the user should read. */
  readonly announce: (line: string) => void;
  /** Takes the milliseconds spent waiting because Cloudflare asked for it; no timeout counts them. */
  readonly onCloudflareWait: (ms: number) => void;
  /** Called before a request that was delayed; throws to keep it from being sent. */
  readonly beforeLateSend: () => Promise<void>;
}
