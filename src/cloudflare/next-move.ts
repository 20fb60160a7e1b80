import { type Budget, reserve } from "./ratelimit-header";

/** Where a process stands. Times are milliseconds since the epoch. */
export interface Standing {
  /** `undefined`: unknown. */
  budget: Budget | undefined;
  /** Cloudflare refuses everything until then. */
  blockedUntil: number;
  /** Requests sent and not yet answered. */
  inFlight: number;
  /** The most that ever were in flight at once. */
  peak: number;
  /** Those in flight that were sent to learn the budget. */
  scouts: number;
  /** How many scouts may be in flight: 1, doubled whenever one gets no answer, so that an outage is not sat out in turn. */
  maxScouts: number;
}

/** What the next request does: goes, goes to learn the budget, waits for any answer, or waits until a time. */
export type Move = "go" | "scout" | "await" | Pause;

/** Until when nothing is sent, and why. */
export interface Pause {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly reason: string;
}

// What others use up is not seen while nothing is in flight. On average, Cloudflare allows a user 20 requests in this time.
const STALE_MS = 5_000;

/** Decides about the next request. */
export function nextMove(standing: Readonly<Standing>, now: number): Move {
  const { budget, blockedUntil, inFlight, peak, scouts, maxScouts } = standing;
  const learn = scouts < maxScouts ? "scout" : "await";

  if (now < blockedUntil) return { until: blockedUntil, reason: "Cloudflare's request limit is reached" };
  if (budget === undefined || now >= budget.endsBy) return learn;
  // What is left only shrinks before the reset: no answer will change this.
  if (budget.left <= reserve(budget, 0, peak)) {
    return { until: budget.endsBy, reason: `Cloudflare's request limit is nearly reached (${budget.left} left)` };
  }
  if (now - budget.heardAt > STALE_MS) return learn;
  return budget.left - inFlight > reserve(budget, inFlight, peak) ? "go" : "await";
}
