import type { StoredState } from "../../src/psk/state";
import type { Stack } from "./engine";
import { inRead, inResponse, shownIndex, tunnelIn, type World } from "./world";

export function isMarked(state: StoredState): boolean {
  return state.status === "superseded" || state.status === "lost";
}

/** Returns the index of the key to which a state's timestamp belongs, among the keys of its tunnel; -1 if it has none. */
export function indexOf(world: World, { ipsecTunnelId, lastGeneratedOn, unmovedTimestamp }: StoredState): number {
  const timestamp = lastGeneratedOn ?? unmovedTimestamp;
  if (timestamp === undefined) return -1;
  return tunnelIn(world, ipsecTunnelId).keys.findIndex((key) => [inRead(key), inResponse(key)].includes(timestamp));
}

/** Tells whether another key is active, and Cloudflare shows a timestamp for it that the state knows. */
export function isUndetectable(world: World, state: StoredState): boolean {
  const tunnel = tunnelIn(world, state.ipsecTunnelId);
  const active = tunnel.keys.length - 1;
  return tunnel.keys[active]?.psk !== state.psk && shownIndex(tunnel, active) <= indexOf(world, state);
}

/** Tells whether a state calls its key active only if it is. */
export function isHonest(world: World, { stored }: Stack): boolean {
  if (stored === undefined || isMarked(stored.outputs)) return true;
  const { keys, gone } = tunnelIn(world, stored.outputs.ipsecTunnelId);
  return gone || keys.at(-1)?.psk === stored.outputs.psk;
}
