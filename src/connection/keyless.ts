import { findListed, type TunnelList } from "../cloudflare/shown-tunnels";
import type { TunnelReading } from "../psk/tunnel-api";
import { toReading } from "./cloudflare-tunnels";

/**
 * Returns what a list shows of a tunnel that may have lost its key.
 *
 * @returns `undefined` if the list does not tell: it shows no timestamp of any tunnel, or the tunnel's entry cannot be read.
 */
export function readingIn({ tunnels, unreadable }: TunnelList, ipsecTunnelId: string): TunnelReading | undefined {
  const showsTimestamps = tunnels.some(({ lastGeneratedOn }) => lastGeneratedOn !== undefined);
  if (!showsTimestamps || unreadable.has(ipsecTunnelId)) return undefined;
  return toReading(findListed(tunnels, ipsecTunnelId));
}

/** Lists the IDs of the tunnels that a list shows without a key. */
export function keylessIn(shown: TunnelList | undefined): string[] {
  const tunnels = shown?.tunnels ?? [];
  return tunnels.filter(({ lastGeneratedOn }) => lastGeneratedOn === undefined).map(({ id }) => id);
}

const MAX_NAMED = 3;

/** Counts tunnels without a key, and names the first of them. */
export function keylessText(ids: readonly string[]): string {
  const others = ids.length - MAX_NAMED;
  const named = `${ids.slice(0, MAX_NAMED).join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
  return `${ids.length} IPsec ${ids.length === 1 ? "tunnel" : "tunnels"} without a key (${named})`;
}
