import type { Clock } from "./deadline";
import type { Edge, Operation, Sight } from "./edge";
import type { Patience } from "./patience";
import { markLost, type StoredState } from "./state";
import { relate } from "./timestamp";

/**
 * Looks whether the edge still has the stored key. The key and its time stamp are carried along whatever is seen.
 *
 * @returns `undefined` if Cloudflare says that the tunnel is gone.
 */
export async function refresh(
  edge: Pick<Edge, "listed" | "read">,
  state: StoredState,
  { operation, clock, patience }: { operation: Operation; clock: Clock; patience: Patience },
): Promise<StoredState | undefined> {
  const listed = await edge.listed(state, operation);
  if (isConclusive(listed, state)) return judge(state, listed);

  // Missing from the list, or older there: the list may lag, and only a read of this tunnel can say that it is gone.
  const sight = await edge.read(state, operation);
  if (sight.kind === "gone") return undefined;
  if (sight.lastGeneratedOn !== undefined) return judge(state, sight);

  await clock.sleep(patience.lagWaitMs);
  const again = await edge.read(state, operation);
  if (again.kind === "gone") return undefined;
  return again.lastGeneratedOn === undefined ? markLost(state) : judge(state, again);
}

function isConclusive(sight: Sight, { lastGeneratedOn }: StoredState): boolean {
  if (sight.kind === "gone" || sight.lastGeneratedOn === undefined) return false;
  return relate(sight.lastGeneratedOn, lastGeneratedOn) !== "older";
}

function judge(state: StoredState, sight: Sight): StoredState {
  // What was superseded or lost stays so until an update: the way back is a new key, not a lucky read.
  if (state.status === "superseded" || state.status === "lost") return state;
  const seen = sight.kind === "tunnel" ? sight.lastGeneratedOn : undefined;
  const relation = relate(seen, state.lastGeneratedOn);
  if (relation === "newer" && seen !== undefined) return { ...state, status: "superseded", supersededOn: seen };
  return relation === "same" ? { ...state, status: "inForce" } : state;
}
