import type { Operation } from "../tunnel";
import type { Clock } from "./deadline";
import type { Limits } from "./limits";
import { markLost, markSuperseded, type StoredState } from "./state";
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
  if (isConclusive(listed, state)) return judge(state, listed);

  // Missing from the list, or older there: the list may lag, and only a read of this tunnel can show that it is gone.
  const reading = await tunnels.read(state, operation);
  if (reading.kind === "gone") return undefined;
  if (reading.lastGeneratedOn !== undefined) return judge(state, reading);

  await clock.sleep(limits.lagWaitMs);
  const again = await tunnels.read(state, operation);
  if (again.kind === "gone") return undefined;
  return again.lastGeneratedOn === undefined ? markLost(state) : judge(state, again);
}

function isConclusive(reading: TunnelReading, { lastGeneratedOn }: StoredState): boolean {
  const seen = timeIn(reading);
  return seen !== undefined && relate(seen, lastGeneratedOn) !== "older";
}

function judge(state: StoredState, reading: TunnelReading): StoredState {
  // A mark stays until an update: only a new key makes it right, not a lucky read.
  if (state.status === "superseded" || state.status === "lost") return state;
  const seen = timeIn(reading);
  const relation = relate(seen, state.lastGeneratedOn);
  if (relation === "newer" && seen !== undefined) return markSuperseded(state, seen);
  return relation === "same" ? { ...state, status: "active" } : state;
}
