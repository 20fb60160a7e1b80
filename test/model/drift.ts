import { isFromProgram } from "../../src/psk/key-source";
import type { StoredState } from "../../src/psk/state";
import { indexOf, isMarked } from "./honesty";
import { must } from "./must";
import type { Trace } from "./trace";
import type { World } from "./world";

/** Tells whether what a diff has read shows that the stored key is not active: a newer one, or none in two lists or in two reads after one. */
export function hasDrifted(world: World, state: StoredState, { seen, hasSecondList }: Trace): boolean {
  const index = indexOf(world, state);
  const isGone = seen.length === (hasSecondList ? 2 : 3) && seen.every((shown) => shown < 0);
  // The timestamp of a generated key is not known, or Cloudflare shows none of a key that was set.
  if (index < 0) return isFromProgram(state) ? seen.some((shown) => shown >= 0) : isGone;
  return seen.some((shown) => shown > index) || isGone;
}

/** Checks what must hold after every look of a diff. */
export function checkLook(state: StoredState, look: Trace, expectsOtherwiseSame: boolean): void {
  must(look.generations === 0, "(c) a diff generates nothing");
  must(look.calls <= 4, "a diff sends at most two lists and two reads");
  if (isMarked(state) || !expectsOtherwiseSame) must(look.calls === 0, "a diff looks only if there is no other reason");
}
