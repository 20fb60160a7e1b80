// What comes next after each error, unless the error itself says otherwise.
const NEXT_STEPS = {
  ERR_INVALID_INPUT: "fix",
  ERR_INVALID_STATE: "fix",
  ERR_INVALID_GATEWAY: "fix",
  ERR_INVALID_SETTING: "fix",
  ERR_NO_CREDENTIALS: "fix",
  ERR_INVALID_CREDENTIALS: "fix",
  ERR_INVALID_BASE_URL: "fix",
  ERR_NOT_AUTHORIZED: "fix",
  ERR_ACCOUNT_NOT_ONBOARDED: "fix",
  ERR_TUNNEL_NOT_FOUND: "fix",
  ERR_NO_SUCH_ROUTE: "fix",
  ERR_SET_UNSUPPORTED: "fix",
  ERR_REFUSED: "fix",
  ERR_RATE_LIMITED: "retry",
  ERR_UNREACHABLE: "retry",
  ERR_NO_RESPONSE: "retry",
  ERR_UNAVAILABLE: "retry",
  ERR_MALFORMED_RESPONSE: "retry",
  ERR_OUTCOME_UNKNOWN: "retry",
  ERR_ENGINE_GONE: "retry",
  ERR_CANCELLED: "retry",
  ERR_OVERWRITTEN: "fix",
  ERR_VALIDATION_PERSISTS: "report",
  ERR_WRONG_PROVIDER: "fix",
  ERR_EXTERNAL_ROTATION: "fix",
  ERR_EXISTING_KEY_MISMATCH: "fix",
  ERR_UNSUITABLE_PSK: "fix",
} as const satisfies Readonly<Record<string, NextStep>>;

/**
 * Every code that an {@link IpsecTunnelPskError} can carry. Codes are stable: a release never renames one, and
 * `docs/errors.md` has a section for each.
 *
 * @useDeclaredType
 */
export type IpsecTunnelPskErrorCode = keyof typeof NEXT_STEPS;

/**
 * What comes next after an error: `"fix"` the program, the configuration or the account; `"retry"`: run again; `"report"` a
 * defect.
 */
export type NextStep = "fix" | "retry" | "report";

/** One entry of the `errors` or `messages` of a Cloudflare response. */
export interface ApiMessage {
  /** Cloudflare's number, 0 if the response had none. */
  readonly code: number;
  /** Cloudflare's words; credentials in them are redacted. */
  readonly message: string;
  /** Where Cloudflare explains it. */
  readonly documentationUrl?: string;
  /** JSON pointer into the request body, for example `/psk`. */
  readonly pointer?: string;
  /** What led to this one: gateway errors nest their cause. */
  readonly chain?: readonly ApiMessage[];
}

/** What a Cloudflare response said, without its result. */
export interface CloudflareResponseInfo {
  /** The status of the response; 200 is possible, because some refusals are in the body alone. */
  readonly httpStatus: number;
  /** Cloudflare's ID of the request (`cf-ray`), which its support asks for. */
  readonly rayId?: string;
  /** In Cloudflare's order; empty if it said nothing. */
  readonly errors: readonly ApiMessage[];
}

/** One wrong input. It never quotes a value, which may be secret. */
export interface InputProblem {
  /** The property or argument to correct, for example `name` or `existingKey.psk`. */
  readonly property: string;
  /** What is wrong with it, to be read after its name: "must be …, because …". */
  readonly reason: string;
}

/** What an {@link IpsecTunnelPskError} consists of. */
export interface ErrorDetails {
  /** What happened, one sentence: "Cannot <verb> <object>: <reason>". */
  readonly summary: string;
  /** Every problem, if the inputs are wrong; the error's message has a line for each. */
  readonly problems?: readonly InputProblem[];
  /** What the reader can do about it, one sentence or more. */
  readonly remedy: string;
  /** Default: what usually comes next after an error with this code. */
  readonly nextStep?: NextStep;
  /** What Cloudflare said; missing if the error did not come from a response. */
  readonly cloudflare?: CloudflareResponseInfo;
  /** Milliseconds that Cloudflare asked to wait, from `Retry-After` or `Ratelimit`. */
  readonly retryAfterMs?: number;
}

/**
 * The error class of this package, except for its simulator. The message says what happened, what to do, and what
 * Cloudflare said; it never contains a key or a credential. Functions throw the error itself; what a preview or the provider
 * reports reaches a program through Pulumi, as text that contains the code.
 *
 * @example By code
 * ```ts
 * import { IpsecTunnelPskError } from "pulumi-cloudflare-ipsec-psk";
 *
 * export function isInvalidGateway(error: unknown): boolean {
 *   return error instanceof IpsecTunnelPskError && error.code === "ERR_INVALID_GATEWAY";
 * }
 * ```
 */
export class IpsecTunnelPskError extends Error {
  /** The class, as in every error. */
  override readonly name = "IpsecTunnelPskError";
  /** The kind of failure, for programs; stable, and also in the message. */
  readonly code: IpsecTunnelPskErrorCode;
  /** Whether to fix something, to run again, or to report a defect. */
  readonly nextStep: NextStep;
  /** The parts of the message. */
  readonly details: ErrorDetails;

  /**
   * Creates an error whose message is made of its parts.
   *
   * @param code - The kind of failure.
   * @param details - The parts of the message.
   */
  constructor(code: IpsecTunnelPskErrorCode, details: ErrorDetails) {
    super(explain(code, details));
    this.code = code;
    this.nextStep = details.nextStep ?? NEXT_STEPS[code];
    this.details = details;
  }
}

function explain(code: IpsecTunnelPskErrorCode, details: ErrorDetails): string {
  const { summary, problems = [], remedy, cloudflare } = details;
  return [
    `${summary} (${code})`,
    ...problems.map((problem) => `- ${problemText(problem)}`),
    `What to do: ${remedy}`,
    ...(cloudflare === undefined ? [] : quote(cloudflare)),
    `More: docs/errors.md#${code.toLowerCase()} in pulumi-cloudflare-ipsec-psk`,
  ].join("\n");
}

function quote({ httpStatus, rayId, errors }: CloudflareResponseInfo): string[] {
  const where = `HTTP ${httpStatus}${rayId === undefined ? "" : `, Ray ID ${rayId}`}`;
  if (errors.length === 0) return [`Cloudflare said nothing more (${where})`];
  return errors.map((error) => `Cloudflare said: ${quoteMessage(error)} (${where})`);
}

/** Returns one entry of `errors` or `messages` as one line of text. */
export function quoteMessage({ code, message, documentationUrl, pointer, chain = [] }: ApiMessage): string {
  return [
    code === 0 ? message : `${code} ${message}`,
    pointer === undefined ? "" : ` at ${pointer}`,
    documentationUrl === undefined ? "" : `, see ${documentationUrl}`,
    ...chain.map((cause) => `; because ${quoteMessage(cause)}`),
  ].join("");
}

/** Returns a problem as one line: "name must be …, because …". */
export function problemText({ property, reason }: InputProblem): string {
  return `${property} ${reason}`;
}
