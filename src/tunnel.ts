/** Which tunnel: 32 hexadecimal characters each, in either case; they are sent in lower case. */
export interface TunnelRef {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
}

/** Tells whether a text is the ID of an account or a tunnel. Nothing else may get into the path of a request. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
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
