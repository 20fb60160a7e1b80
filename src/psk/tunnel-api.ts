import type { GeneratedPsk, ListedTunnel, Operation, TunnelRef } from "../tunnel";

/** What a read showed of a tunnel. */
export type TunnelReading = { readonly kind: "gone" } | { readonly kind: "tunnel"; readonly lastGeneratedOn?: string };

/** What the core needs of Cloudflare. Each call may fail with an {@link IpsecTunnelPskError}. */
export interface TunnelApi {
  /** Generates a key. `ERR_OUTCOME_UNKNOWN`: an unknown key may be active; any other error: none was generated. */
  generate(tunnel: TunnelRef, operation: Operation): Promise<GeneratedPsk>;
  /** Sets a key. The timestamp may be that of an earlier key. `ERR_OUTCOME_UNKNOWN`: it may be active; any other error: it is not. */
  set(tunnel: TunnelRef, psk: string, operation: Operation): Promise<GeneratedPsk>;
  /** Reads the tunnel with a request that is sent after this call. Operations that wait at the same time may share it. */
  readAfter(tunnel: TunnelRef, operation: Operation): Promise<TunnelReading>;
  /** Looks the tunnel up in a list that may be some seconds old, but is newer than every generation of this process. */
  readFromList(tunnel: TunnelRef, operation: Operation): Promise<TunnelReading>;
  /**
   * Lists an account's tunnels, to look one up by its name.
   *
   * @param age - `"fresh"`: sent after this call; `"recent"`: it may be some seconds old. Either may lag behind.
   */
  list(accountId: string, age: "fresh" | "recent", operation: Operation): Promise<readonly ListedTunnel[]>;
  /** Reads this tunnel alone: `gone` only if Cloudflare says so. */
  read(tunnel: TunnelRef, operation: Operation): Promise<TunnelReading>;
}

/** Returns the timestamp that a read showed, if there was one. */
export function timeIn(reading: TunnelReading): string | undefined {
  return reading.kind === "tunnel" ? reading.lastGeneratedOn : undefined;
}
