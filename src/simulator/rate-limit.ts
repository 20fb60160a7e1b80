import type { LimitOptions } from "./options";

/** A user's budget after one request. */
export interface Budget {
  /** Set when the request is refused: whole seconds until the block ends, rounded up. */
  readonly retryAfterSeconds?: number;
  /** `Ratelimit` and `Ratelimit-Policy`. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Window {
  used: number;
  endsAt: number;
  blocked: boolean;
}

/**
 * Creates a function that counts one request of a user.
 *
 * @see https://developers.cloudflare.com/fundamentals/api/reference/limits/
 */
export function createRateLimit(limit: LimitOptions, now: () => number): (user: string) => Budget {
  const windows = new Map<string, Window>();

  return (user) => {
    const at = now();
    let window = windows.get(user);
    if (window === undefined || at >= window.endsAt) {
      window = { used: 0, endsAt: at + limit.windowMs, blocked: false };
      windows.set(user, window);
    }
    window.used += 1;
    if (window.used > limit.requests && !window.blocked) {
      window.blocked = true;
      window.endsAt = at + limit.blockMs;
    }
    return budget(limit, window, at);
  };
}

function budget(limit: LimitOptions, window: Window, at: number): Budget {
  const left = Math.max(0, limit.requests - window.used);
  const seconds = Math.ceil((window.endsAt - at) / 1_000);
  const headers = {
    ratelimit: `"default";r=${left};t=${seconds}`,
    "ratelimit-policy": `"default";q=${limit.requests};w=${Math.ceil(limit.windowMs / 1_000)}`,
  };
  return window.blocked ? { headers, retryAfterSeconds: seconds } : { headers };
}
