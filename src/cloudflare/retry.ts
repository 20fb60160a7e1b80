import type { IpsecTunnelPskError } from "../errors";
import { LONGEST_WAIT_MS } from "./retry-after";

/** Attempts at one call, the first included, before its failure is reported. */
export const MAX_ATTEMPTS = 5;

/**
 * Decides whether a failed call is sent again. Only what provably never took effect is: a call that did not reach
 * Cloudflare, or that Cloudflare throttled. Reads have no effect at all, so they are also sent again after a lost response.
 *
 * With a first wait of 1 s, those after four failures are 1, 2, 4 and 8 s, each lengthened by up to a half: 15 to 22.5 s
 * in all. A `Retry-After` takes their place, and is not shortened; one beyond {@link LONGEST_WAIT_MS} ends the attempts.
 *
 * @param failure - How the last attempt failed.
 * @param attempts - Attempts so far, 1 after the first.
 * @param random - A number from 0 up to 1.
 * @param firstBackoffMs - Milliseconds after the first failure.
 * @returns Milliseconds to wait before the next attempt, or `undefined` to give up.
 */
export function retryDelayMs(
  failure: IpsecTunnelPskError,
  attempts: number,
  random: number,
  firstBackoffMs: number,
): number | undefined {
  if (attempts >= MAX_ATTEMPTS) return undefined;
  const backoffMs = firstBackoffMs * 2 ** (attempts - 1) * (1 + random / 2);

  switch (failure.code) {
    // Throttled calls never took effect. The random second keeps many waiters from coming back together.
    case "ERR_RATE_LIMITED": {
      const { retryAfterMs } = failure.details;
      if (retryAfterMs === undefined) return backoffMs;
      return retryAfterMs > LONGEST_WAIT_MS ? undefined : retryAfterMs + random * 1_000;
    }
    // Nothing was sent. A certificate, for example, does not change by itself.
    case "ERR_UNREACHABLE":
      return failure.nextStep === "fix" ? undefined : backoffMs;
    // Only reads fail so: what may have taken effect is ERR_OUTCOME_UNKNOWN.
    case "ERR_NO_RESPONSE":
    case "ERR_UNAVAILABLE":
      return backoffMs;
    default:
      return undefined;
  }
}
