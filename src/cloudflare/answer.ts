import type { ZodError, ZodType } from "zod";
import { type ApiMessage, quoteMessage } from "../errors";
import { decodeBody } from "./body";
import { diagnoseAnswer, type DiagnosedCall } from "./diagnose";
import { type Envelope, parseEnvelope } from "./envelope";
import { redact } from "./redact";
import { retryAfterMs } from "./retry-after";
import { header, type HttpAnswer } from "./transport";

/** What reading an answer takes. */
export interface Expectation<T> extends DiagnosedCall {
  readonly result: ZodType<T>;
  /** What is wrong with a result of the right shape. */
  readonly flawOf?: ((result: T) => string | undefined) | undefined;
  /** Bytes that the decompressed body may have. */
  readonly maxBytes: number;
  /** Texts that must not be quoted back. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch, for a `Retry-After` that is a date. */
  readonly now: number;
}

/** A success, and what Cloudflare said beside it, one line each. */
export interface Success<T> {
  readonly result: T;
  readonly remarks: readonly string[];
}

/**
 * Turns a whole HTTP answer into its result.
 *
 * @throws {IpsecTunnelPskError} if it is anything but the success that was asked for.
 */
export function readAnswer<T>(answer: HttpAnswer, expected: Expectation<T>): Success<T> {
  const body = decodeBody(answer.body, answer.headers["content-encoding"], expected.maxBytes);
  const envelope = body === undefined ? undefined : parseEnvelope(body);
  const succeeded = envelope?.success === true && answer.status >= 200 && answer.status < 300;
  const result = succeeded ? expected.result.safeParse(envelope.result) : undefined;

  const secrets = [...expected.secrets, ...keysIn(envelope?.result)];
  const clean = (messages: readonly ApiMessage[]) => messages.map((message) => redact(message, secrets));

  const flaw = result?.success === true ? expected.flawOf?.(result.data) : flawOf(body, envelope, result?.error);

  if (envelope !== undefined && result?.success === true && flaw === undefined) {
    // Errors may stand beside a success; swallowing them, or `messages`, would keep a warning from the user.
    return {
      result: result.data,
      remarks: clean([...envelope.messages, ...envelope.errors]).map(
        (said) => `Cloudflare says: ${quoteMessage(said)}`,
      ),
    };
  }
  throw diagnoseAnswer(expected, {
    status: answer.status,
    rayId: header(answer, "cf-ray"),
    retryAfterMs: retryAfterMs(answer.headers["retry-after"], expected.now),
    now: expected.now,
    errors: clean(envelope?.errors ?? []),
    claimsSuccess: envelope?.success === true,
    flaw: flaw ?? "it cannot be read",
  });
}

// A key that is received but cannot be used is as secret as one that can, wherever it stands. The depth is bounded so that
// no answer can exhaust the stack.
function keysIn(result: unknown, depth = 4): string[] {
  if (typeof result !== "object" || result === null || depth === 0) return [];
  return Object.entries(result).flatMap(([name, value]) =>
    name === "psk" && typeof value === "string" && value !== "" ? [value] : keysIn(value, depth - 1),
  );
}

function flawOf(body: string | undefined, envelope: Envelope | undefined, error: ZodError | undefined): string {
  if (body === undefined) return "its body cannot be decompressed";
  if (body === "") return "its body is empty";
  if (envelope === undefined) return "its body is not one of Cloudflare's JSON envelopes";
  if (error === undefined) return "it neither succeeds nor says why not";
  // Paths and rules only: zod does not quote values here, and must not, for one of them is the key.
  return error.issues.map(({ path, message }) => `${["result", ...path].join(".")}: ${message}`).join("; ");
}
