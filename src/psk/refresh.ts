import type { Operation } from "../tunnel";
import type { Clock } from "./deadline";
import type { Limits } from "./limits";
import { isMarked, judge } from "./drift";
import { markLost, type StoredState } from "./state";
import { relate } from "./timestamp";
import { timeIn, type TunnelApi, type TunnelReading } from "./tunnel-api";

/**
 * Checks whether the stored key is still active. The key and its timestamp never change.
 *
 * @returns `undefined` if Cloudflare says that the tunnel is gone.
 */
export async function refresh(
  tunnels: Pick<TunnelApi, "readFromList" | "read">,
  state: StoredState,
  { operation, clock, limits }: { operation: Operation; clock: Clock; limits: Limits },
): Promise<StoredState | undefined> {
  const listed = await tunnels.readFromList(state, operation);
  if (isConclusive(listed, state)) return settle(state, listed);

  // Missing from the list, or older there: the list may lag, and only a read of this tunnel can show that it is gone.
  const reading = await tunnels.read(state, operation);
  if (reading.kind === "gone") return undefined;
  if (reading.lastGeneratedOn !== undefined) return settle(state, reading);

  await clock.sleep(limits.lagWaitMs);
  const again = await tunnels.read(state, operation);
  if (again.kind === "gone") return undefined;
  return again.lastGeneratedOn === undefined ? markLost(state) : settle(state, again);
}

function isConclusive(reading: TunnelReading, { lastGeneratedOn }: StoredState): boolean {
  const seen = timeIn(reading);
  return seen !== undefined && relate(seen, lastGeneratedOn) !== "older";
}

function settle(state: StoredState, reading: TunnelReading): StoredState {
  const isShown = relate(timeIn(reading), state.lastGeneratedOn) === "same";
  return isShown && !isMarked(state) ? { ...state, status: "active" } : judge(state, reading);
}
