import type { ZodError, ZodType } from "zod";
import { type ApiMessage, quoteMessage } from "../errors";
import { given } from "../given";
import { decodeBody } from "./body";
import { type DiagnosedCall, diagnoseResponse } from "./diagnose";
import { type Envelope, parseEnvelope } from "./envelope";
import { retryAfterMs } from "./retry-after";
import { header, type HttpResponse } from "./transport";

/** What a call expects of its response. */
export interface ExpectedResponse<T> extends DiagnosedCall {
  readonly result: ZodType<T>;
  /** What is wrong with a result of the right form: "it is about another tunnel". Default: nothing. */
  readonly flawOf?: (result: T) => string | undefined;
  /** The largest response in bytes, on the wire and decompressed. */
  readonly maxBytes: number;
}

/** What {@link readResponse} needs beside the response and its call. */
export interface ReadingContext {
  /** Where the credential came from; named if Cloudflare does not accept it. */
  readonly origin: string;
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
 * Turns a complete HTTP response into its result.
 *
 * @throws {IpsecTunnelPskError} if it is not the expected success.
 */
export function readResponse<T>(
  response: HttpResponse,
  call: ExpectedResponse<T>,
  context: ReadingContext,
): Success<T> {
  const body = decodeBody(response.body, response.headers["content-encoding"], call.maxBytes);
  const envelope = body === undefined ? undefined : parseEnvelope(body);
  const succeeded = envelope?.success === true && response.status >= 200 && response.status < 300;
  const result = succeeded ? call.result.safeParse(envelope.result) : undefined;
  const flaw = result?.success === true ? call.flawOf?.(result.data) : flawOf(body, envelope, result?.error);

  const secrets = [...context.secrets, ...keysIn(envelope?.result)];
  const clean = (messages: readonly ApiMessage[]) => messages.map((message) => redact(message, secrets));

  if (envelope !== undefined && result?.success === true && flaw === undefined) {
    // Errors may stand beside a success; hiding them, or `messages`, would keep a warning from the user.
    const said = clean([...envelope.messages, ...envelope.errors]);
    return { result: result.data, remarks: said.map((message) => `Cloudflare says: ${quoteMessage(message)}`) };
  }
  throw diagnoseResponse(call, {
    status: response.status,
    rayId: header(response, "cf-ray"),
    retryAfterMs: retryAfterMs(response.headers["retry-after"], context.now),
    now: context.now,
    origin: context.origin,
    errors: clean(envelope?.errors ?? []),
    claimsSuccess: envelope?.success === true,
    flaw: flaw ?? "it cannot be read",
  });
}

/** Returns a copy of what Cloudflare said in which no secret is quoted back. */
export function redact({ code, message, documentationUrl, pointer, chain }: ApiMessage, secrets: readonly string[]) {
  const clean = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
  const redacted: ApiMessage = {
    code,
    message: clean(message),
    ...given({
      documentationUrl: documentationUrl && clean(documentationUrl),
      pointer: pointer && clean(pointer),
      chain: chain?.map((cause) => redact(cause, secrets)),
    }),
  };
  return redacted;
}

// A key that is received but cannot be used is as secret as one that can, in any place. The depth is bounded so that
// no response can exhaust the stack.
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
  // Paths and rules only: zod does not quote values here, and must not, because one of them is the key.
  return error.issues.map(({ path, message }) => `${["result", ...path].join(".")}: ${message}`).join("; ");
}
