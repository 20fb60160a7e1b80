import type { StoredState } from "../../src/psk/state";
import { isMarked } from "./honesty";
import { must } from "./must";
import type { Trace } from "./trace";
import { inRead, inResponse, tunnelIn, type World } from "./world";

/** Tells whether what a diff has read shows that the stored key is not active: a newer one, or twice none. */
export function hasDrifted(world: World, state: StoredState, { seen }: Trace): boolean {
  const index = timeIndexOf(world, state);
  if (index === undefined) return seen.length === 3 && seen.every((shown) => shown < 0);
  return seen.some((shown) => shown > index) || (seen.length === 3 && seen.every((shown) => shown < 0));
}

/** Checks what must hold after every look of a diff. */
export function checkLook(state: StoredState, look: Trace, expectsOtherwiseSame: boolean): void {
  must(look.generations === 0, "(c) a diff generates nothing");
  must(look.calls <= 3, "a diff sends one list, and at most two reads");
  if (isMarked(state) || !expectsOtherwiseSame) must(look.calls === 0, "a diff looks only if there is no other reason");
}

/** The place of the key with the stored timestamp; `undefined` if the state has none. */
function timeIndexOf(world: World, { ipsecTunnelId, lastGeneratedOn }: StoredState): number | undefined {
  if (lastGeneratedOn === undefined) return undefined;
  return tunnelIn(world, ipsecTunnelId).keys.findIndex((key) =>
    [inRead(key), inResponse(key)].includes(lastGeneratedOn),
  );
}
