/**
 * Every code that an {@link IpsecTunnelPskError} can carry. Codes are stable: a release never renames one, and
 * `docs/errors.md` has a section for each.
 */
export type ErrorCode =
  | "ERR_INVALID_INPUT"
  | "ERR_INVALID_STATE"
  | "ERR_INVALID_GATEWAY"
  | "ERR_INVALID_SETTING"
  | "ERR_NO_CREDENTIALS"
  | "ERR_INVALID_CREDENTIALS"
  | "ERR_INVALID_BASE_URL"
  | "ERR_NOT_AUTHORIZED"
  | "ERR_ACCOUNT_NOT_ONBOARDED"
  | "ERR_TUNNEL_NOT_FOUND"
  | "ERR_NO_SUCH_ROUTE"
  | "ERR_REFUSED"
  | "ERR_RATE_LIMITED"
  | "ERR_UNREACHABLE"
  | "ERR_NO_ANSWER"
  | "ERR_UNAVAILABLE"
  | "ERR_MALFORMED_ANSWER"
  | "ERR_OUTCOME_UNKNOWN"
  | "ERR_ENGINE_GONE"
  | "ERR_OVERWRITTEN"
  | "ERR_VALIDATION_PERSISTS"
  | "ERR_WRONG_PROVIDER"
  | "ERR_EXTERNAL_ROTATION"
  | "ERR_ADOPTION_REFUSED"
  | "ERR_UNSUITABLE_PSK";

/** One entry of the `errors` or `messages` of a Cloudflare answer. */
export interface ApiMessage {
  /** Cloudflare's number, 0 where the answer had none. */
  readonly code: number;
  readonly message: string;
  readonly documentationUrl?: string;
  /** JSON pointer into the request body, for example `/psk`. */
  readonly pointer?: string;
  /** What led to this one: gateway errors nest their cause. */
  readonly chain?: readonly ApiMessage[];
}

/** What an answer of Cloudflare said, without its result. */
export interface CloudflareSaid {
  readonly httpStatus: number;
  /** Cloudflare's name of the request (`cf-ray`), which its support asks for. */
  readonly rayId?: string;
  readonly errors: readonly ApiMessage[];
}

/** One thing that is wrong with arguments. It never quotes a value, which may be secret. */
export interface Mistake {
  /** The argument to correct, for example `name`. */
  readonly field: string;
  /** What it must be, as one line that starts with its name: "name must be …, because …". */
  readonly message: string;
}

export interface ErrorDetails {
  /** What happened, one sentence: "Cannot <act> as <reason>". */
  readonly what: string;
  /** Every mistake in the arguments, if these are what is wrong; the error's message has a line for each. */
  readonly mistakes?: readonly Mistake[];
  /** What the reader can do about it, one sentence or more. */
  readonly remedy: string;
  readonly cloudflare?: CloudflareSaid;
  /** Milliseconds that Cloudflare asked to wait, from `Retry-After` or `Ratelimit`. */
  readonly retryAfterMs?: number;
}

/**
 * The one error class of this package. Its message says what happened, what to do, and what Cloudflare said; it
 * never holds a key or a credential.
 *
 * @example By code
 * ```ts
 * import { IpsecTunnelPskError } from "pulumi-cloudflare-ipsec-psk";
 *
 * export function isMissingTunnel(error: unknown): boolean {
 *   return error instanceof IpsecTunnelPskError && error.code === "ERR_TUNNEL_NOT_FOUND";
 * }
 * ```
 */
export class IpsecTunnelPskError extends Error {
  override readonly name = "IpsecTunnelPskError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(explain(code, details));
    this.code = code;
    this.details = details;
  }
}

function explain(code: ErrorCode, { what, mistakes = [], remedy, cloudflare }: ErrorDetails): string {
  const lines = [`${what} (${code})`, ...mistakes.map(({ message }) => `- ${message}`), `What to do: ${remedy}`];
  if (cloudflare !== undefined) lines.push(...quote(cloudflare));
  lines.push(`More: docs/errors.md#${code.toLowerCase()} in pulumi-cloudflare-ipsec-psk`);
  return lines.join("\n");
}

function quote({ httpStatus, rayId, errors }: CloudflareSaid): string[] {
  const where = `HTTP ${httpStatus}${rayId === undefined ? "" : `, Ray ID ${rayId}`}`;
  if (errors.length === 0) return [`Cloudflare answered: no error message (${where})`];
  return errors.map((error) => `Cloudflare said: ${quoteMessage(error)} (${where})`);
}

/** One entry of `errors` or `messages` as one line of text. */
export function quoteMessage({ code, message, documentationUrl, pointer, chain = [] }: ApiMessage): string {
  return [
    code === 0 ? message : `${code} ${message}`,
    pointer === undefined ? "" : ` at ${pointer}`,
    documentationUrl === undefined ? "" : `, see ${documentationUrl}`,
    ...chain.map((cause) => `; because ${quoteMessage(cause)}`),
  ].join("");
}
