import type { Step } from "./engine";
import { indexOf, isMarked } from "./honesty";
import { must } from "./must";
import type { World } from "./world";

/** Checks what must hold after every refresh: it may change the status, but never the key. */
export function checkRefresh(world: World, step: Step, withoutTimestamp: ReadonlySet<string>): void {
  const { trace, outcome, before } = step;
  must(trace.generations === 0, "(c) a refresh generates nothing");
  if (before === undefined || outcome.kind !== "done") return;
  const { state } = outcome;
  if (state === undefined) {
    must(trace.provenGone, "(e) a resource is gone only if Cloudflare says so");
    return;
  }
  const { outputs } = before;
  must(
    state.psk === outputs.psk && state.lastGeneratedOn === outputs.lastGeneratedOn,
    "a refresh keeps key and timestamp",
  );
  if (isMarked(outputs))
    must(state.status === outputs.status || state.status === "lost", "a mark stays until an update");
  if (isMarked(outputs) || withoutTimestamp.has(state.psk)) return;
  const index = indexOf(world, state);
  // The last read decides, because an earlier one may lag behind.
  if (trace.newestSeen > index) must(isMarked(state), "a refresh marks the state if a newer key was seen");
  if (state.status === "active" && outputs.status !== "active")
    must(trace.newestSeen === index, "active only if it was seen");
  if (state.status === "superseded") must(trace.newestSeen > index, "superseded only by what was seen");
  if (state.status === "lost")
    must(trace.seen.filter((seen) => seen < 0).length > 1, "lost only if no key was seen, twice");
}
