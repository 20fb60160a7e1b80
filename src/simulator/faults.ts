import { failureEnvelope } from "./envelope";
import { throttling } from "./refusals";
import type { Operation } from "./route";
import { mistakesIn, only, refuse, whole } from "./rules";

/**
 * Something that goes wrong with a request. `effect` says whether the call took effect nevertheless, which a client cannot
 * see.
 */
export type Fault =
  /** A response other than Cloudflare's; `body` is sent as JSON if it is an object. Default: empty, without effect. */
  | {
      readonly kind: "response";
      /** 200 to 599. */
      readonly status: number;
      readonly body?: string | object;
      /** By lower-case name; added to content-type and cf-ray. Those that frame the body are computed. */
      readonly headers?: Readonly<Record<string, string>>;
      readonly effect?: boolean;
    }
  /** Half of the body under the full Content-Length, then the connection is closed. Default: with effect. */
  | { readonly kind: "truncated"; readonly effect?: boolean }
  /** The connection is reset instead of a response. */
  | { readonly kind: "reset"; readonly effect: boolean }
  /** No response ever comes. */
  | { readonly kind: "silence"; readonly effect: boolean }
  /**
   * `ms` real milliseconds of waiting, up to 2,147,483,647 (24 days). After a wait before the effect, the call takes effect
   * even if the client has hung up meanwhile: a late request.
   */
  | { readonly kind: "delay"; readonly ms: number; readonly before: "effect" | "response" }
  /** A success whose body is changed; a refusal stays as it is. */
  | { readonly kind: "altered"; readonly change: ResponseChange }
  /**
   * A response in other bytes, as a proxy may send it: `wrap` gets the JSON, and its result goes out under
   * `contentEncoding`, several headers if it is a list. Default: the JSON as it is, without the header.
   */
  | {
      readonly kind: "wrapped";
      readonly contentEncoding?: string | readonly string[];
      /** Default: the JSON as it is. */
      readonly wrap?: (json: Buffer) => Buffer;
    }
  /** A read of a lagging replica: it shows the state before the last generation of each tunnel's key. */
  | { readonly kind: "stale" }
  /**
   * A list that lags behind creations: it lacks the tunnels that were created less than `ms` milliseconds ago, by the simulator's
   * clock. `ms` is 0 to 2,147,483,647 (24 days).
   */
  | { readonly kind: "lagging"; readonly ms: number }
  /** A call that sets keys applies none: HTTP 200, with this reason for each of its tunnels. Default: a reason of its own. */
  | { readonly kind: "unapplied"; readonly reason?: string };

/**
 * - `withoutKey`, `withoutTimestamp`, `withoutTunnelId`, `withoutIpsecId`, `withoutCreatedOn`: the field is missing;
 * - `anotherTunnel`: the tunnel's ID is another one;
 * - `notJson`: the body cannot be parsed;
 * - `oversized`: valid JSON of more than 16 MiB, streamed without a Content-Length.
 *
 * @useDeclaredType
 */
export type ResponseChange = (typeof CHANGES)[number];

export const CHANGES = [
  "withoutKey",
  "withoutTimestamp",
  "withoutTunnelId",
  "withoutIpsecId",
  "withoutCreatedOn",
  "anotherTunnel",
  "notJson",
  "oversized",
] as const;

/** Which requests a fault affects. */
export interface FaultScope {
  /**
   * One or more. Default: all; for a stale read, "list" and "get"; for a list that lags behind, "list"; for keys that are not
   * applied, "set" and "validateSet". For these three, no others are allowed.
   */
  readonly operations?: readonly Operation[];
  /** Default: any, and requests for no tunnel in particular. A call that sets several keys is for none. */
  readonly tunnelId?: string;
  /** How many requests it affects: 1 or more, or `Infinity`. Default: 1. */
  readonly times?: number;
  /** How many matching requests pass before the first one is affected. Default: 0. */
  readonly after?: number;
}

/** Ready-made faults: responses that have been seen from Cloudflare, or from its gateway. */
export const faults = {
  /** Returns a 5xx with an envelope. `effect` says whether the call took effect nevertheless; default: `false`. */
  serverError(status = 500, effect = false): Fault {
    refuse("make the fault", mistakesIn(only({ status: whole(500, 599) }), { status }));
    const body = failureEnvelope([{ code: 1000, message: "Internal server error" }]);
    return { kind: "response", status, body, effect };
  },

  /** Returns a gateway's HTML page instead of an envelope. */
  html(status = 502): Fault {
    const body = `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body>cloudflare</body></html>\n`;
    return { kind: "response", status, body, headers: { "content-type": "text/html; charset=UTF-8" } };
  },

  /** Returns HTTP 429, with a Retry-After header if `retryAfterSeconds` is given. */
  throttled(options: { readonly retryAfterSeconds?: number } = {}): Fault {
    refuse("make the fault", mistakesIn(only({ retryAfterSeconds: whole(0).optional() }), options));
    const { retryAfterSeconds } = options;
    const headers = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
    return { kind: "response", status: 429, body: failureEnvelope([throttling]), headers };
  },

  /** Returns throttling as code 971 under HTTP 200. */
  throttledWithoutStatus(): Fault {
    return { kind: "response", status: 200, body: failureEnvelope([throttling]) };
  },
} as const;
