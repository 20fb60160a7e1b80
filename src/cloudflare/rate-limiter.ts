import { IpsecTunnelPskError } from "../errors";
import { addToBudget, type Headers, nextMove, type Pause, readBudget, type Standing } from "./request-budget";
import { LONGEST_WAIT_MS, retryAfterMs, waitText } from "./retry-after";

/**
 * A limiter that keeps one process under Cloudflare's request budget: 1,200 requests in 5 minutes per user, for all programs of
 * the user. Exceeding it blocks all of them for up to 300 s.
 *
 * @see https://developers.cloudflare.com/fundamentals/api/reference/limits/
 */
export interface RateLimiter {
  /**
   * Waits until one request may be sent; first come, first served.
   *
   * @param announce - Takes one line for each wait for Cloudflare's limit, with its whole seconds.
   * @throws {IpsecTunnelPskError} `ERR_RATE_LIMITED` instead of a wait beyond {@link LONGEST_WAIT_MS}, and instead of any from
   *   an impatient limiter. If a wait is cancelled, the error of `sleep`.
   */
  enter(announce: (line: string) => void): Promise<Pass>;
}

/** Allows one request, which is to be sent immediately. */
export interface Pass {
  /** Milliseconds waited for the limit, as announced. Waiting for the response to a request of our own does not count. */
  readonly waitedMs: number;
  /**
   * Must be called once, even if the request failed.
   *
   * @param response - The response, or `undefined` if none came.
   */
  leave(response: Response | undefined): void;
}

interface Response {
  readonly headers: Headers;
  readonly status: number;
}

interface Waiter {
  readonly announce: (line: string) => void;
  readonly admit: (pass: Pass) => void;
  readonly refuse: (error: unknown) => void;
  readonly enteredAt: number;
  waitedMs: number;
  toldUntil: number;
}

export interface RateLimiterOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits; rejects if the process is asked to stop. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Whether requests that would have to wait for the limit fail instead, as in a preview. Default: `false`. */
  readonly isImpatient?: boolean;
}

/** Creates the limiter of one process and one user. */
export function createRateLimiter({ now, sleep, isImpatient = false }: RateLimiterOptions): RateLimiter {
  const queue: Waiter[] = [];
  const standing: Standing = { budget: undefined, blockedUntil: 0, inFlight: 0, peak: 0, scouts: 0, maxScouts: 1 };
  let pause: Pause | undefined;

  // No request is sent before a pause is over, even if a response would allow it: so no timer outlives the last waiter.
  function admitNext(): void {
    for (let next = queue[0]; next !== undefined && pause === undefined; next = queue[0]) {
      const move = nextMove(standing, now());
      if (move === "await") return;
      if (typeof move === "object") {
        const waitMs = move.until - now();
        if (!isImpatient && waitMs <= LONGEST_WAIT_MS) return void hold(move);
        refuseAll(isImpatient ? unwanted(move) : tooLong(move, waitMs));
        return;
      }
      queue.shift();
      next.admit(pass(move === "scout", next.waitedMs));
    }
  }

  function refuseAll(error: unknown): void {
    queue.splice(0).forEach(({ refuse }) => {
      refuse(error);
    });
  }

  async function hold(forPause: Pause): Promise<void> {
    const since = now();
    pause = forPause;
    queue.forEach(tell);
    try {
      await sleep(forPause.until - since);
    } catch (error) {
      refuseAll(error);
    }
    pause = undefined;
    for (const waiter of queue) waiter.waitedMs += now() - Math.max(since, waiter.enteredAt);
    admitNext();
  }

  // Timers may fire a moment early: that is still the same wait.
  function tell(waiter: Waiter): void {
    if (pause === undefined || pause.until <= waiter.toldUntil) return;
    waiter.toldUntil = pause.until;
    waiter.announce(`${pause.reason}; continuing in ${Math.ceil((pause.until - now()) / 1_000)} s`);
  }

  function pass(isScout: boolean, waitedMs: number): Pass {
    const sentAt = now();
    standing.scouts += Number(isScout);
    standing.inFlight += 1;
    standing.peak = Math.max(standing.peak, standing.inFlight);

    return {
      waitedMs,
      leave(response) {
        standing.scouts -= Number(isScout);
        standing.inFlight -= 1;
        if (response !== undefined) learn(response, sentAt);
        else if (isScout) standing.maxScouts *= 2;
        admitNext();
      },
    };
  }

  function learn({ headers, status }: Response, sentAt: number): void {
    const retryAfter = status === 429 ? [headers["retry-after"]].flat()[0] : undefined;
    const blockedMs = retryAfterMs(retryAfter, now());
    standing.maxScouts = 1;
    standing.budget = addToBudget(standing.budget, readBudget(headers, sentAt, now()));
    // An impatient limiter gains nothing by respecting a block: the next response says the same.
    if (blockedMs === undefined || isImpatient) return;
    standing.blockedUntil = Math.max(standing.blockedUntil, now() + blockedMs);
    // What responses say during a block no longer holds after it.
    standing.budget = undefined;
  }

  return {
    enter: (announce) =>
      new Promise((admit, refuse) => {
        const waiter = { announce, admit, refuse, enteredAt: now(), waitedMs: 0, toldUntil: 0 };
        queue.push(waiter);
        tell(waiter);
        admitNext();
      }),
  };
}

function unwanted({ reason }: Pause): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_RATE_LIMITED", {
    summary: `Cannot call Cloudflare's API: ${reason}, and previews do not wait for the limit`,
    remedy: "Run again in a few minutes, with fewer other jobs under this user. Nothing was sent.",
  });
}

function tooLong({ until, reason }: Pause, waitMs: number): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_RATE_LIMITED", {
    summary: `Cannot call Cloudflare's API: ${reason}, for another ${waitText(waitMs, until - waitMs)}`,
    remedy: `Run again after that time: this package waits ${LONGEST_WAIT_MS / 1_000} s at most. Nothing was sent.`,
    retryAfterMs: waitMs,
  });
}
