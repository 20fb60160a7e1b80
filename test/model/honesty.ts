import type { StoredState } from "../../src/psk/state";
import type { Stack } from "./engine";
import { tunnelIn, type World } from "./world";

export function isMarked(state: StoredState): boolean {
  return state.status === "superseded" || state.status === "lost";
}

/** Returns the index of a stored key among the keys of its tunnel. */
export function indexOf(world: World, { ipsecTunnelId, psk }: StoredState): number {
  return tunnelIn(world, ipsecTunnelId).keys.findIndex((key) => key.psk === psk);
}

/** Tells whether a state calls its key active only if it is. */
export function isHonest(world: World, { stored }: Stack): boolean {
  if (stored === undefined || isMarked(stored.outputs)) return true;
  const { keys, gone } = tunnelIn(world, stored.outputs.ipsecTunnelId);
  return gone || keys.at(-1)?.psk === stored.outputs.psk;
}
