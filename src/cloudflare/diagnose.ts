import { type ApiMessage, IpsecTunnelPskError, type IpsecTunnelPskErrorCode } from "../errors";
import { given } from "../given";
import { API_CODES, type ApiCode } from "./api-codes";
import { type Origin, withNote } from "./credentials";
import { LONGEST_WAIT_MS, waitText } from "./retry-after";
import type { ExchangeFailure } from "./transport";

/** How error messages describe a call. */
export interface DiagnosedCall {
  /** Completes "Cannot": `read IPsec tunnel 0123…`. */
  readonly action: string;
  /** Completes "Cloudflare may have", for a call that changes something. Default: the call changes nothing. */
  readonly effect?: string;
  /** What to do if it is unknown whether the call took effect. Default: what is right after a lost generation. */
  readonly afterLoss?: string;
  /** What it means, and what to do, if the API does not have the endpoint. Default: no call of an endpoint that may be missing. */
  readonly ifMissing?: { readonly reason: string; readonly remedy: string };
}

/** A complete response that is not the expected success. */
export interface FailedResponse {
  readonly status: number;
  /** Empty if there is none. */
  readonly rayId: string;
  readonly retryAfterMs: number | undefined;
  /** When it came: milliseconds since the epoch. */
  readonly now: number;
  /** Where the credential came from; named if Cloudflare does not accept it. */
  readonly origin: Origin;
  /** The envelope's errors. */
  readonly errors: readonly ApiMessage[];
  /** Whether the envelope says `success: true`: then its errors are only remarks. */
  readonly claimsSuccess: boolean;
  /** What is wrong with it, if neither status nor errors say so: "its body is not JSON". */
  readonly flaw: string;
}

const FIX = "Fix what Cloudflare reports, then run again.";
const UNCHANGED = "Run again. Nothing was changed.";

/** Returns the error for an exchange without a complete response, with its cause and remedy. */
export function diagnoseFailure(call: DiagnosedCall, failure: ExchangeFailure): IpsecTunnelPskError {
  const { action, effect } = call;
  if (!failure.sent) {
    return new IpsecTunnelPskError("ERR_UNREACHABLE", {
      summary: `Cannot ${action}: Cloudflare could not be reached (${failure.message})`,
      remedy: `${failure.remedy ?? "Check the network, DNS and proxy settings (HTTPS_PROXY, ALL_PROXY, NO_PROXY), then run again."} Nothing was sent.`,
      ...(failure.remedy !== undefined && { nextStep: "fix" }),
    });
  }
  if (effect !== undefined) return outcomeUnknown(call, `its response was lost (${failure.message})`);
  return new IpsecTunnelPskError("ERR_NO_RESPONSE", {
    summary: `Cannot ${action}: the response was lost (${failure.message})`,
    remedy: UNCHANGED,
  });
}

/**
 * Returns the error for a response that is not a success, with its cause and remedy. Throttling comes first, then the known
 * codes of Cloudflare, then the HTTP status, then the flaw.
 */
export function diagnoseResponse(call: DiagnosedCall, response: FailedResponse): IpsecTunnelPskError {
  const { action, effect, ifMissing } = call;
  const { status: httpStatus, errors, retryAfterMs, origin } = response;
  const cloudflare = { httpStatus, ...(response.rayId !== "" && { rayId: response.rayId }), errors };
  const fail = (code: IpsecTunnelPskErrorCode, reason: string, remedy: string) => {
    const summary = `Cannot ${action}: ${reason}`;
    return new IpsecTunnelPskError(code, { summary, remedy, cloudflare, ...given({ retryAfterMs }) });
  };

  if (httpStatus === 429) {
    const remedy = waitRemedy(response) ?? "Wait a few minutes, then run again.";
    return fail("ERR_RATE_LIMITED", "Cloudflare's request limit is reached", remedy);
  }

  const refusals = response.claimsSuccess ? [] : errors;
  const known = findCode(httpStatus, refusals);
  if (known?.means === "ERR_RATE_LIMITED") return fail(known.means, known.reason, waitRemedy(response) ?? known.remedy);

  // A 5xx does not tell, with any code, what took effect before the failure. Throttling does.
  if (httpStatus >= 500 || httpStatus === 408) {
    if (effect !== undefined) return outcomeUnknown(call, `it failed with HTTP ${httpStatus}`, cloudflare);
    return fail("ERR_UNAVAILABLE", `Cloudflare failed with HTTP ${httpStatus}`, UNCHANGED);
  }
  if (ifMissing !== undefined && isMissing(httpStatus, known)) {
    return fail("ERR_SET_UNSUPPORTED", `${ifMissing.reason} (HTTP ${httpStatus})`, ifMissing.remedy);
  }
  if (known !== undefined) return fail(known.means, known.reason, withOrigin(known, origin));

  if (httpStatus === 401 || httpStatus === 403) {
    const remedy = `Check the credential from ${origin.name} and its permissions, and that no firewall blocks the request.`;
    return fail("ERR_NOT_AUTHORIZED", "Cloudflare refuses it", withNote(remedy, origin));
  }
  if (httpStatus >= 400) return fail("ERR_REFUSED", "Cloudflare refuses it", FIX);
  if (httpStatus >= 300) return fail("ERR_REFUSED", "the API responded with a redirect", "Check the base URL.");
  if (refusals.length > 0) return fail("ERR_REFUSED", "Cloudflare refuses it", FIX);

  const reason = `response cannot be used (${response.flaw})`;
  if (effect !== undefined) return outcomeUnknown(call, `its ${reason}`, cloudflare);
  const remedy = "Check the base URL and that no proxy alters responses, then run again. Nothing was changed.";
  return fail("ERR_MALFORMED_RESPONSE", `the ${reason}`, remedy);
}

function findCode(status: number, errors: readonly ApiMessage[]): ApiCode | undefined {
  const said = new Set(errors.flatMap((error) => [error, ...(error.chain ?? [])]).map(({ code }) => code));
  return API_CODES.find(({ code, statuses }) => said.has(code) && (statuses?.includes(status) ?? true));
}

/** Tells whether there is no such endpoint: no such method, or a 404 that is about neither a tunnel nor a credential. */
function isMissing(status: number, known: ApiCode | undefined): boolean {
  if (status === 405) return true;
  return status === 404 && (known === undefined || known.means === "ERR_NO_SUCH_ROUTE");
}

function waitRemedy({ retryAfterMs, now }: FailedResponse): string | undefined {
  if (retryAfterMs === undefined) return undefined;
  if (retryAfterMs <= LONGEST_WAIT_MS) return `Wait ${Math.ceil(retryAfterMs / 1_000)} s, then run again.`;
  return `Run again in ${waitText(retryAfterMs, now)}: Cloudflare asks for that wait, and this package waits ${LONGEST_WAIT_MS / 1_000} s at most.`;
}

function withOrigin({ means, remedy }: ApiCode, origin: Origin): string {
  if (means !== "ERR_NOT_AUTHORIZED") return remedy;
  return withNote(`${remedy} The credential came from ${origin.name}.`, origin);
}

const LOST = "Run `pulumi up` again: the key has probably changed, and the lost one cannot be recovered.";

function outcomeUnknown(
  { effect = "", afterLoss = LOST }: DiagnosedCall,
  reason: string,
  cloudflare?: ConstructorParameters<typeof IpsecTunnelPskError>[1]["cloudflare"],
): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_OUTCOME_UNKNOWN", {
    summary: `Cloudflare may have ${effect}, but ${reason}`,
    remedy: afterLoss,
    ...given({ cloudflare }),
  });
}
