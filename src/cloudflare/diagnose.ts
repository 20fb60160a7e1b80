import { IpsecTunnelPskError, type ApiMessage, type CloudflareSaid, type ErrorCode } from "../errors";
import { API_CODES, type ApiCode } from "./api-codes";
import { LONGEST_WAIT_MS, waitText } from "./retry-after";
import type { ExchangeFailure } from "./transport";

/** What diagnosis must know of a call. */
export interface DiagnosedCall {
  /** Completes "Cannot": `generate a key for IPsec tunnel 0123…`. */
  readonly act: string;
  /** Whether the call changes something when it succeeds: then a lost answer leaves its outcome open. */
  readonly changes: boolean;
  /** Where the credential came from; named when Cloudflare does not accept it. */
  readonly origin: string;
}

/** A whole answer that is not the success that the call asked for. */
export interface FailedAnswer {
  readonly status: number;
  readonly rayId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** When it came: milliseconds since the epoch. */
  readonly now: number;
  /** The envelope's errors. */
  readonly errors: readonly ApiMessage[];
  /** Whether the envelope says `success: true`: then its errors are remarks, not a refusal. */
  readonly claimsSuccess: boolean;
  /** What is wrong with it, where neither status nor errors say so: "its body is not JSON". */
  readonly flaw: string;
}

const MEND = "Mend what Cloudflare says, then run again.";

/** Names the cause and the remedy of an exchange that brought no whole answer. */
export function diagnoseFailure(call: DiagnosedCall, failure: ExchangeFailure): IpsecTunnelPskError {
  if (!failure.sent) {
    return new IpsecTunnelPskError("ERR_UNREACHABLE", {
      what: `Cannot ${call.act} as Cloudflare could not be reached: ${failure.message}`,
      remedy:
        "Check the network, DNS and proxy settings (HTTPS_PROXY, ALL_PROXY, NO_PROXY), then run again. Nothing was sent.",
    });
  }
  if (call.changes) return outcomeUnknown(call, `the answer was lost: ${failure.message}`);
  return new IpsecTunnelPskError("ERR_NO_ANSWER", {
    what: `Cannot ${call.act} as the answer was lost: ${failure.message}`,
    remedy: "Run again. Nothing was changed.",
  });
}

/**
 * Names the cause and the remedy of an answer that is not a success: first throttling, then the codes of Cloudflare that
 * we know, then the HTTP status, then the flaw.
 */
export function diagnoseAnswer(call: DiagnosedCall, answer: FailedAnswer): IpsecTunnelPskError {
  const { status, errors, rayId, retryAfterMs } = answer;
  const refusals = answer.claimsSuccess ? [] : errors;
  const cloudflare: CloudflareSaid = { httpStatus: status, ...(rayId !== undefined && { rayId }), errors };
  const fail = (code: ErrorCode, reason: string, remedy: string) =>
    new IpsecTunnelPskError(code, {
      what: `Cannot ${call.act} as ${reason}`,
      remedy,
      cloudflare,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });

  if (status === 429) {
    const remedy = waitRemedy(answer) ?? "Wait some minutes and run again.";
    return fail("ERR_RATE_LIMITED", "Cloudflare's request limit is reached", remedy);
  }

  const known = findCode(status, refusals);
  const failed = status >= 500 || status === 408;
  // Whatever its code, a 5xx does not tell what took effect before the failure. Throttling does.
  if (failed && known?.means !== "ERR_RATE_LIMITED") {
    if (call.changes) return outcomeUnknown(call, `Cloudflare failed with HTTP ${status}`, cloudflare);
    return fail("ERR_UNAVAILABLE", `Cloudflare failed with HTTP ${status}`, "Run again. Nothing was changed.");
  }
  if (known?.means === "ERR_RATE_LIMITED") return fail(known.means, known.reason, waitRemedy(answer) ?? known.remedy);
  if (known !== undefined) return fail(known.means, known.reason, withOrigin(known, call.origin));

  if (status === 401 || status === 403) {
    const remedy = `Check the credential from ${call.origin} and its permissions, and that no firewall is in the way.`;
    return fail("ERR_NOT_AUTHORIZED", "Cloudflare refuses it", remedy);
  }
  if (status >= 400) return fail("ERR_REFUSED", "Cloudflare refuses it", MEND);
  if (status >= 300) return fail("ERR_REFUSED", "the API answered with a redirect", "Check the base URL.");
  if (refusals.length > 0) return fail("ERR_REFUSED", "Cloudflare refuses it", MEND);

  if (call.changes) return outcomeUnknown(call, `the answer cannot be used: ${answer.flaw}`, cloudflare);
  const remedy = "Check the base URL and that no proxy alters answers, then run again. Nothing was changed.";
  return fail("ERR_MALFORMED_ANSWER", `the answer cannot be used: ${answer.flaw}`, remedy);
}

function findCode(status: number, errors: readonly ApiMessage[]): ApiCode | undefined {
  const said = new Set(errors.flatMap((error) => [error, ...(error.chain ?? [])]).map(({ code }) => code));
  return API_CODES.find(({ code, statuses }) => said.has(code) && (statuses?.includes(status) ?? true));
}

function waitRemedy({ retryAfterMs, now }: FailedAnswer): string | undefined {
  if (retryAfterMs === undefined) return undefined;
  if (retryAfterMs <= LONGEST_WAIT_MS) return `Wait ${Math.ceil(retryAfterMs / 1_000)} s and run again.`;
  return `Run again in ${waitText(retryAfterMs, now)}: Cloudflare asks for that wait, and this package waits ${LONGEST_WAIT_MS / 1_000} s at most.`;
}

function withOrigin({ means, remedy }: ApiCode, origin: string): string {
  if (means !== "ERR_NOT_AUTHORIZED") return remedy;
  return `${remedy} The credential came from ${origin}.`;
}

function outcomeUnknown(call: DiagnosedCall, reason: string, cloudflare?: CloudflareSaid): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_OUTCOME_UNKNOWN", {
    what: `Cannot tell whether Cloudflare did ${call.act} as ${reason}`,
    remedy: "Run `pulumi up` again: the key has probably changed, and only a new one can be known.",
    ...(cloudflare !== undefined && { cloudflare }),
  });
}
