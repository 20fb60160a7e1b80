import { randomBytes } from "node:crypto";
import { type Assumptions, defaultAssumptions } from "./assumptions";
import type { Caller } from "./auth";
import { authenticate, isAllowed } from "./auth";
import { checkApiOptions } from "./check-options";
import type { Tunnel } from "./accounts";
import { addTunnel, createEdge, findTunnel } from "./accounts";
import { commonHeaders, failureEnvelope, successEnvelope } from "./envelope";
import { canonical, isIdentifier } from "./identifier";
import type { CloudflareApiOptions, TunnelOptions } from "./options";
import { defaultAccounts, DEFAULT_LIMIT, defaultTokens } from "./options";
import { createRateLimit } from "./rate-limit";
import type { Refusal } from "./refusals";
import { forbidden, isRefusal, malformedPath, noRoute, notOnboarded, throttled } from "./refusals";
import { findRoute, isValidateOnly } from "./route";
import { filled, flag, milliseconds, mistakesIn, only, refuse } from "./rules";
import { checkedSources } from "./sources";
import { inNanoseconds } from "./timestamp";
import type { Success } from "./tunnel-calls";
import { tunnelCalls } from "./tunnel-calls";

/** A request to the API, without a socket. */
export interface ApiRequest {
  /** In upper case: "GET". */
  readonly method: string;
  /** With the query: "/client/v4/accounts/…/magic/ipsec_tunnels?validate_only=true". */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** JSON, or "". */
  readonly body: string;
}

/** The response to an {@link ApiRequest}. */
export interface ApiResponse {
  /** The HTTP status. */
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Cloudflare's envelope, as JSON. */
  readonly body: string;
  /** Whether the call changed something at the edge; `false` for reads, refusals, and calls that only validate. */
  readonly tookEffect: boolean;
}

/** How a request is handled when something goes wrong. */
export interface RequestCircumstances {
  /** `false`: the response is the usual one, but the call has no effect. Default: `true`. */
  readonly keep?: boolean;
  /** `true`: a read shows the state before the last generation. Default: `false`. */
  readonly stale?: boolean;
  /** A list lacks the tunnels that were created less than this many milliseconds ago. Default: it lacks none. */
  readonly lagMs?: number;
  /** Why a call that sets keys applies none. Default: it applies them. */
  readonly unappliedBecause?: string;
}

/** What a test can inspect and do without a request. A tunnel or token that never existed is a `RangeError`. */
export interface EdgeInspection {
  /** ID of the first account. */
  readonly accountId: string;
  /** The first API token, or "" if there is none. */
  readonly apiToken: string;
  /**
   * Adds a tunnel, to the first account by default, and returns its ID. It has no key unless `psk` is given.
   *
   * @throws {RangeError} With a line for every mistake in the options.
   */
  addTunnel(tunnel?: TunnelOptions & { readonly accountId?: string }): string;
  /** Removes a tunnel, as another administrator might. */
  removeTunnel(tunnelId: string): void;
  /** Generates a new key with a new timestamp, as another administrator might. Returns the key. */
  rotate(tunnelId: string): string;
  /** Returns the active key, which no API call returns again; `undefined` if the tunnel has none, or was removed. */
  keyAtEdge(tunnelId: string): string | undefined;
  /** Returns when the key was generated: RFC 3339 in UTC, with nanoseconds; `undefined` if there is no key. */
  generatedOn(tunnelId: string): string | undefined;
  /** Revokes an API token: from now on it is refused with HTTP 401, like an unknown one. */
  revokeToken(token: string): void;
  /** Returns every key that was ever generated or set, or shown in a response that only validates. */
  issuedKeys(): readonly string[];
}

/** Handles a request, without a socket, faults or waits. */
export type HandleRequest = (request: ApiRequest, circumstances?: RequestCircumstances) => ApiResponse;

/**
 * The simulated Cloudflare as a function.
 *
 * @example
 * ```ts
 * import { createCloudflareApi } from "pulumi-cloudflare-ipsec-psk/simulator";
 *
 * const api = createCloudflareApi();
 * const path = `/client/v4/accounts/${api.accountId}/magic/ipsec_tunnels`;
 * const { status } = api.handle({ method: "GET", path, headers: { authorization: `Bearer ${api.apiToken}` }, body: "" });
 * console.log(status); // 200
 * ```
 */
export interface CloudflareApi extends EdgeInspection {
  /** Handles one request. */
  readonly handle: HandleRequest;
}

const CIRCUMSTANCES = only<RequestCircumstances>({
  keep: flag.optional(),
  stale: flag.optional(),
  lagMs: milliseconds.optional(),
  unappliedBecause: filled.optional(),
});

/**
 * Creates a simulated Cloudflare without a server; {@link startSimulator} makes it listen on a port.
 *
 * @throws {RangeError} With a line for every mistake in the options.
 */
export function createCloudflareApi(options: CloudflareApiOptions = {}): CloudflareApi {
  checkApiOptions(options);
  const { accounts = defaultAccounts, tokens: issued = defaultTokens, users = [] } = options;
  const { limit = DEFAULT_LIMIT } = options;
  const { now, random } = checkedSources({ now: options.now ?? Date.now, random: options.random ?? randomBytes });
  const assumptions = withDefaults(options.assumptions);
  const edge = createEdge({ accounts, assumptions, now, random });
  const count = createRateLimit(limit, now);
  let tokens = issued;

  function handle(request: ApiRequest, circumstances: RequestCircumstances = {}): ApiResponse {
    refuse("handle the request", mistakesIn(CIRCUMSTANCES, circumstances));
    const caller = authenticate(request.headers, { tokens, users });
    // A caller who is unknown has no budget.
    if (isRefusal(caller)) return respond(caller);
    const { retryAfterSeconds, headers } = count(caller.user);
    if (retryAfterSeconds !== undefined) return respond(throttled(retryAfterSeconds), headers);
    return respond(carryOut(request, caller, circumstances), headers);
  }

  function carryOut(request: ApiRequest, caller: Caller, circumstances: RequestCircumstances): Success | Refusal {
    const { operation, path, query, accountId = "", tunnelId = "" } = findRoute(request.method, request.path);
    if (accountId !== "" && !isIdentifier(accountId)) return malformedPath(path);
    if (operation === "unknown") return noRoute;
    const account = edge.accounts.get(accountId);
    if (account === undefined || !isAllowed(caller, operation, accountId)) return forbidden;
    if (!account.onboarded) return notOnboarded;

    const { keep = true, stale = false, lagMs, unappliedBecause } = circumstances;
    return tunnelCalls[operation]({
      edge,
      account,
      tunnelId,
      body: request.body,
      keep: keep && (!isValidateOnly(query) || assumptions.validatePersists),
      stale,
      // The clock may have been set back: what was created "later" is listed nevertheless.
      listedUntilMs: lagMs === undefined ? Infinity : now() - lagMs,
      unappliedBecause,
      assumptions,
      newHealthCheckTarget: request.headers["x-magic-new-hc-target"] === "true",
    });
  }

  function respond(outcome: Success | Refusal, rateLimit: Readonly<Record<string, string>> = {}): ApiResponse {
    const headers = { ...commonHeaders(random), ...rateLimit };
    if (!isRefusal(outcome)) {
      const body = JSON.stringify(successEnvelope(outcome.result));
      return { status: 200, headers, body, tookEffect: outcome.changed };
    }
    const body = JSON.stringify(failureEnvelope(outcome.errors));
    return { status: outcome.status, headers: { ...headers, ...outcome.headers }, body, tookEffect: false };
  }

  function known(tunnelId: string): Tunnel {
    const tunnel = knownOnce(tunnelId);
    if (tunnel === undefined) throw new RangeError(`Cannot find the tunnel: "${tunnelId}" was removed.`);
    return tunnel;
  }

  /** Returns `undefined` for a tunnel that was removed. */
  function knownOnce(tunnelId: string): Tunnel | undefined {
    const id = canonical(tunnelId);
    if (!edge.tunnelIds.has(id)) throw new RangeError(`Cannot find the tunnel: none has the ID "${tunnelId}".`);
    return findTunnel(edge, id);
  }

  const accountId = canonical(accounts[0]?.id ?? "");
  return {
    handle,
    accountId,
    apiToken: issued[0]?.token ?? "",
    addTunnel: (tunnel = {}) => addTunnel(edge, tunnel.accountId ?? accountId, tunnel).id,
    removeTunnel: (tunnelId) => {
      const { id } = known(tunnelId);
      for (const account of edge.accounts.values()) account.tunnels.delete(id);
    },
    rotate: (tunnelId) => edge.generate(known(tunnelId)),
    keyAtEdge: (tunnelId) => knownOnce(tunnelId)?.psk,
    generatedOn: (tunnelId) => {
      const instant = knownOnce(tunnelId)?.generatedOn;
      return instant === undefined ? undefined : inNanoseconds(instant);
    },
    revokeToken: (token) => {
      const left = tokens.filter((known) => known.token !== token);
      if (left.length === tokens.length)
        throw new RangeError("Cannot revoke the API token: it is not one of the tokens.");
      tokens = left;
    },
    issuedKeys: () => [...edge.issued],
  };
}

/** Fills in the defaults; an option that is `undefined` counts as left out. */
function withDefaults(assumptions: Partial<Assumptions> = {}): Assumptions {
  const given = Object.entries<unknown>(assumptions).filter(([, value]) => value !== undefined);
  return { ...defaultAssumptions, ...Object.fromEntries(given) };
}
