/**
 * What is known of the request budget of one Cloudflare user. Times are milliseconds since the epoch.
 *
 * @see https://developers.cloudflare.com/fundamentals/api/reference/limits/
 */
export interface Budget {
  /** Name of the limit; `undefined` if responses have no `Ratelimit` header. */
  readonly limit?: string;
  /** Requests left in this window; `Infinity` without a limit. */
  readonly left: number;
  /** Requests in a whole window, if `Ratelimit-Policy` says it. */
  readonly quota?: number | undefined;
  /** The window ends no sooner than at this time … */
  readonly endsAfter: number;
  /** … and before this one; never without a limit. */
  readonly endsBy: number;
  /** When the last response came. */
  readonly heardAt: number;
}

/** Header values by lower-case name. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Reads the budget from one response's headers: `Ratelimit: "default";r=50;t=30` (50 requests left, 30 s to the reset) and
 * `Ratelimit-Policy: "default";q=1200;w=300` (1,200 requests per 300 s). Of several limits, the one with least left counts.
 *
 * The response was made between `sentAt` and `now`, and `t` may be rounded up or down. So the window ends between
 * `sentAt + (t − 1) s` and `now + (t + 1) s`. Where `t` is missing, it is between 0 and the length of a whole window.
 *
 * @param headers - The response's headers.
 * @param sentAt - When its request was sent, in milliseconds since the epoch.
 * @param now - When it came, likewise.
 */
export function readBudget(headers: Headers, sentAt: number, now: number): Budget {
  const policies = items(headers["ratelimit-policy"]);
  let budget: Budget = { left: Infinity, endsAfter: sentAt, endsBy: Infinity, heardAt: now };

  for (const [limit, { r: left, t }] of items(headers.ratelimit)) {
    const { q: quota, w } = policies.find(([policy]) => policy === limit)?.[1] ?? {};
    const seconds = t ?? w;
    if (left === undefined || seconds === undefined || left >= budget.left) continue;
    const endsAfter = sentAt + Math.max(0, (t ?? 0) - 1) * 1_000;
    budget = { limit, left, quota, endsAfter, endsBy: now + (seconds + 1) * 1_000, heardAt: now };
  }
  return budget;
}

/**
 * Adds what a new response says to what was known. Responses overtake each other, so only one that is provably about a later
 * window may raise what is left.
 */
export function addToBudget(known: Budget | undefined, heard: Budget): Budget {
  if (known === undefined || heard.endsAfter >= known.endsBy) return heard;
  // Windows of different limits cannot be compared.
  if (known.limit !== undefined && heard.limit !== undefined && known.limit !== heard.limit) {
    return { ...(heard.left < known.left ? heard : known), heardAt: heard.heardAt };
  }
  if (heard.endsBy < known.endsAfter) return known;
  return {
    ...known,
    ...heard,
    left: Math.min(known.left, heard.left),
    quota: heard.quota ?? known.quota,
    endsAfter: Math.max(known.endsAfter, heard.endsAfter),
    endsBy: Math.min(known.endsBy, heard.endsBy),
  };
}

/**
 * Requests to leave for other processes of the user, whose requests in flight are not visible: as many as three processes
 * have that are as busy as this one. One `up` is several: the program, a provider per phase, one per explicit provider.
 *
 * - `3 × (in flight + 1)`: no process takes more than a quarter of what is left at a time, so four may start together.
 * - `3 × peak`, at most a quarter of the quota: others still have that many in flight when ours have their responses.
 *
 * So a process with 8 at a time leaves 24 of 1,200 unused (2%), one with a single request leaves 3, and no process
 * leaves more than a quarter (or 3).
 *
 * @param inFlight - Requests of this process that are in flight when one more is to be sent.
 * @param peak - The most that were ever in flight, at least 0.
 */
export function reserve({ left, quota = left }: Budget, inFlight: number, peak: number): number {
  return Math.max(OTHERS * (inFlight + 1), Math.min(OTHERS * peak, quota / 4));
}

const OTHERS = 3;

/** What a process knows of its budget and its requests. Times are milliseconds since the epoch. */
export interface Standing {
  /** `undefined`: unknown. */
  budget: Budget | undefined;
  /** Cloudflare refuses everything until then. */
  blockedUntil: number;
  /** Requests in flight. */
  inFlight: number;
  /** The most requests that were ever in flight. */
  peak: number;
  /**
   * Those in flight that were sent alone to learn the budget. Without them, programs that share a budget and send at
   * different rates get HTTP 429 (rate-limiter-fleet.test.ts).
   */
  scouts: number;
  /** How many scouts may be in flight: 1, doubled whenever one gets no response, so that an outage is not waited out one by one. */
  maxScouts: number;
}

/** What the next request does: goes, goes to learn the budget, waits for any response, or waits until a time. */
export type Move = "go" | "scout" | "await" | Pause;

/** Until when nothing is sent, and why. */
export interface Pause {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly reason: string;
}

// What others use up is not visible while nothing is in flight. On average, Cloudflare allows a user 20 requests in this time.
const STALE_MS = 5_000;

/** Decides what the next request does. */
export function nextMove(standing: Readonly<Standing>, now: number): Move {
  const { budget, blockedUntil, inFlight, peak, scouts, maxScouts } = standing;
  const learn = scouts < maxScouts ? "scout" : "await";

  if (now < blockedUntil) return { until: blockedUntil, reason: "Cloudflare's request limit is reached" };
  if (budget === undefined || now >= budget.endsBy) return learn;
  // What is left only shrinks before the reset: no response will change this.
  if (budget.left <= reserve(budget, 0, peak)) {
    return { until: budget.endsBy, reason: `Cloudflare's request limit is nearly reached (${budget.left} left)` };
  }
  if (now - budget.heardAt > STALE_MS) return learn;
  return budget.left - inFlight > reserve(budget, inFlight, peak) ? "go" : "await";
}

type Parameters = Readonly<Record<string, number | undefined>>;

// Structured fields (RFC 9651), as far as these two headers go: a list of names with whole numbers as parameters.
function items(header: string | string[] | undefined): [name: string, parameters: Parameters][] {
  if (header === undefined) return [];
  const text = typeof header === "string" ? header : header.join(",");
  return text.split(",").map((item): [string, Parameters] => {
    const [name = "", ...parameters] = item.split(";");
    const numbers: Record<string, number> = {};
    for (const parameter of parameters) {
      const [, key, digits] = PARAMETER.exec(parameter) ?? [];
      if (key !== undefined) numbers[key] = Number(digits);
    }
    return [name.trim().replace(/^"(.*)"$/, "$1"), numbers];
  });
}

const PARAMETER = /^\s*([a-z]+)=(\d{1,9})\s*$/;
