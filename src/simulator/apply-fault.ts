import { alter } from "./alter-response";
import type { ApiRequest, ApiResponse, HandleRequest } from "./api";
import { commonHeaders } from "./envelope";
import type { Fault } from "./faults";

/** What the client will see of one request. */
export interface Exchange {
  readonly response: ApiResponse;
  /** How much of the response leaves the socket. */
  readonly ending: "whole" | "truncated" | "reset" | "silence";
  /** How the body is wrapped. Default: compressed as the client asks for it. */
  readonly wrapping?: Wrapping;
}

export type Wrapping = Extract<Fault, { readonly kind: "wrapped" }>;

/** Handles a request under a fault, except for what needs the socket or the clock. */
export function exchange(
  handle: HandleRequest,
  request: ApiRequest,
  fault: Fault | undefined,
  random: (size: number) => Buffer,
): Exchange {
  switch (fault?.kind) {
    case undefined:
    case "delay":
      return { response: handle(request), ending: "whole" };
    case "response":
      return { response: otherResponse(handle, request, fault, random), ending: "whole" };
    case "truncated":
    case "reset":
    case "silence":
      return { response: handle(request, { keep: fault.effect ?? true }), ending: fault.kind };
    case "altered":
      return { response: alter(handle(request), fault.change), ending: "whole" };
    case "wrapped":
      return { response: handle(request), ending: "whole", wrapping: fault };
    case "stale":
      return { response: handle(request, { stale: true }), ending: "whole" };
    case "lagging":
      return { response: handle(request, { lagMs: fault.ms }), ending: "whole" };
    case "unapplied": {
      const { reason: unappliedBecause = "The tunnel cannot be changed now" } = fault;
      return { response: handle(request, { unappliedBecause }), ending: "whole" };
    }
  }
}

function otherResponse(
  handle: HandleRequest,
  request: ApiRequest,
  { status, body = "", headers, effect = false }: Extract<Fault, { readonly kind: "response" }>,
  random: (size: number) => Buffer,
): ApiResponse {
  return {
    status,
    headers: { ...commonHeaders(random), ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    // Without effect the request never reached the account, so it does not count against its budget either.
    tookEffect: effect && handle(request).tookEffect,
  };
}
