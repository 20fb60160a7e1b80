/** Which tunnel: 32 hexadecimal characters each. */
export interface TunnelRef {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
}

/** A key as it was received: in force at the edge from then on, and never shown again. */
export interface GeneratedPsk {
  readonly psk: string;
  /** RFC 3339, UTC, as Cloudflare sent it. */
  readonly lastGeneratedOn?: string;
  readonly ipsecId?: string;
}

/** What a read showed of a tunnel. */
export type Sight = { readonly kind: "gone" } | { readonly kind: "tunnel"; readonly lastGeneratedOn?: string };

/** One operation on one resource, as whoever talks to Cloudflare for it needs to know it. */
export interface Operation {
  /** Takes one line at a time that the user should read. */
  readonly announce: (line: string) => void;
  /** Hears of milliseconds spent waiting because Cloudflare asked for it; no deadline counts them. */
  readonly onCloudflareWait: (ms: number) => void;
  /** Called before a request that was not sent at once; throws to keep it from being sent. */
  readonly beforeLateSend: () => Promise<void>;
}

/** What the lifecycle needs of Cloudflare. Each call may fail with an {@link IpsecTunnelPskError}. */
export interface Edge {
  /** Generates a key. `ERR_OUTCOME_UNKNOWN`: a key may be in force that nobody knows; any other error: none is. */
  generate(tunnel: TunnelRef, operation: Operation): Promise<GeneratedPsk>;
  /** A read that is sent after this call, perhaps shared with others who wait for one. */
  readAfter(tunnel: TunnelRef, operation: Operation): Promise<Sight>;
  /** What a list says that may be some seconds old, but is younger than any generation of this process. */
  listed(tunnel: TunnelRef, operation: Operation): Promise<Sight>;
  /** A read of this tunnel alone: `gone` only on Cloudflare's word. */
  read(tunnel: TunnelRef, operation: Operation): Promise<Sight>;
}
