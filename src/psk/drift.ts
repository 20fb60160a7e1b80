import type { TunnelRef } from "../tunnel";
import { markLost, markSuperseded, type StoredState } from "./state";
import { isUndated } from "./key-source";
import { isNewer, relate } from "./timestamp";
import { timeIn, type TunnelReading } from "./tunnel-api";

/** Reads for a look at the edge outside of a refresh. They never fail: `undefined` means that nothing is known. */
export interface DriftReads {
  /** What the account's list shows, `gone` if it does not have the tunnel. */
  fromList(tunnel: TunnelRef): Promise<TunnelReading | undefined>;
  /**
   * What a second list shows of a tunnel that the first one shows without a key: the list is sent later, so that a replica that lags
   * behind has caught up. `undefined` also if it shows no timestamp of any tunnel: it may lack them all.
   */
  fromSecondList(tunnel: TunnelRef): Promise<TunnelReading | undefined>;
  /** A read of this tunnel alone, for what no list decides. A process sends a few of them. */
  single(tunnel: TunnelRef): Promise<TunnelReading | undefined>;
}

/** What a look showed: the state, marked if its key is no longer active, and whether the tunnel is missing. */
export interface Drift {
  readonly state: StoredState;
  readonly isMissing: boolean;
}

/**
 * Looks whether someone else rotated a key or removed it. Only a newer timestamp in the list is drift. If the list shows no
 * timestamp, a second list decides; if that one shows no timestamp of any tunnel, two reads of this one do. A missing tunnel changes
 * nothing, because only a refresh removes a resource.
 */
export async function detectDrift(reads: DriftReads, state: StoredState): Promise<Drift> {
  const unchanged = { state, isMissing: false };
  if (isMarked(state)) return unchanged;

  const first = await reads.fromList(state);
  if (first === undefined) return unchanged;
  if (!isKeyless(first)) return conclude(state, first);
  if (neverShown(state)) return unchanged;

  const second = await reads.fromSecondList(state);
  if (second !== undefined) return conclude(state, second);
  for (let count = 0; count < 2; count++) {
    const reading = await reads.single(state);
    if (reading === undefined) return unchanged;
    if (!isKeyless(reading)) return conclude(state, reading);
  }
  return { state: markLost(state), isMissing: false };
}

function conclude(state: StoredState, reading: TunnelReading): Drift {
  if (isKeyless(reading)) return { state: markLost(state), isMissing: false };
  return { state: judge(state, reading), isMissing: reading.kind === "gone" };
}

function isKeyless(reading: TunnelReading): boolean {
  return reading.kind === "tunnel" && reading.lastGeneratedOn === undefined;
}

/** Marks a state whose key a reading shows to be superseded. */
export function judge(state: StoredState, reading: TunnelReading): StoredState {
  // A mark stays until an update: only a new key makes it right, not a lucky read.
  if (isMarked(state)) return state;
  const seen = timeIn(reading);
  return seen !== undefined && isDrift(state, seen) ? markSuperseded(state, seen) : state;
}

/** Tells whether a timestamp is that of another key, generated after the stored one. */
export function isDrift(state: StoredState, seen: string): boolean {
  if (isUndated(state)) return isNewer(seen, state.unmovedTimestamp);
  return relate(seen, state.lastGeneratedOn) === "newer";
}

/** Tells whether Cloudflare shows no timestamp of a tunnel although it has the stored key. */
export function neverShown(state: StoredState): boolean {
  return isUndated(state) && state.unmovedTimestamp === undefined;
}

/** Tells whether the state says that its key is no longer active. */
export function isMarked({ status }: StoredState): boolean {
  return status === "superseded" || status === "lost";
}
