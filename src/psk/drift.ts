import type { TunnelRef } from "../tunnel";
import { markLost, markSuperseded, type StoredState } from "./state";
import { relate } from "./timestamp";
import { timeIn, type TunnelReading } from "./tunnel-api";

/** Reads for a look at the edge outside of a refresh. They never fail: `undefined` means that nothing is known. */
export interface DriftReads {
  /** What the account's list shows, `gone` if it does not have the tunnel. */
  fromList(tunnel: TunnelRef): Promise<TunnelReading | undefined>;
  /** A read of this tunnel alone. */
  single(tunnel: TunnelRef): Promise<TunnelReading | undefined>;
}

/** What a look showed: the state, marked if its key is no longer active, and whether the tunnel is missing. */
export interface Drift {
  readonly state: StoredState;
  readonly isMissing: boolean;
}

/**
 * Looks whether someone else rotated a key or removed it. Only a newer timestamp in the list is drift; a list without a
 * timestamp is checked by two reads of the tunnel. A missing tunnel changes nothing, because only a refresh removes a resource.
 */
export async function detectDrift(reads: DriftReads, state: StoredState): Promise<Drift> {
  const unchanged = { state, isMissing: false };
  if (isMarked(state)) return unchanged;

  const listed = await reads.fromList(state);
  if (listed === undefined) return unchanged;
  if (listed.kind === "gone" || listed.lastGeneratedOn !== undefined)
    return { state: judge(state, listed), isMissing: listed.kind === "gone" };

  for (let count = 0; count < 2; count++) {
    const reading = await reads.single(state);
    if (reading === undefined) return unchanged;
    if (reading.kind === "gone" || reading.lastGeneratedOn !== undefined)
      return { state: judge(state, reading), isMissing: reading.kind === "gone" };
  }
  return { state: markLost(state), isMissing: false };
}

/** Marks a state whose key a reading shows to be superseded. */
export function judge(state: StoredState, reading: TunnelReading): StoredState {
  // A mark stays until an update: only a new key makes it right, not a lucky read.
  if (isMarked(state)) return state;
  const seen = timeIn(reading);
  const isNewer = seen !== undefined && relate(seen, state.lastGeneratedOn) === "newer";
  return isNewer ? markSuperseded(state, seen) : state;
}

/** Tells whether the state says that its key is no longer active. */
export function isMarked({ status }: StoredState): boolean {
  return status === "superseded" || status === "lost";
}
