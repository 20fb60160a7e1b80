import type { ZodError, ZodType } from "zod";
import { type ApiMessage, quoteMessage } from "../errors";
import { oneLine, shorten } from "../foreign-text";
import { given } from "../given";
import { decodeBody } from "./body";
import type { Origin } from "./credentials";
import { type DiagnosedCall, diagnoseResponse } from "./diagnose";
import { type Envelope, parseEnvelope } from "./envelope";
import { type Redact, redactor } from "./redaction";
import { retryAfterMs } from "./retry-after";
import { header, type HttpResponse } from "./transport";

/** What a call expects of its response. */
export interface ExpectedResponse<T> extends DiagnosedCall {
  readonly result: ZodType<T>;
  /** What is wrong with a result of the right form: "it is about another tunnel". Default: nothing. */
  readonly flawOf?: (result: T) => string | undefined;
  /** Why Cloudflare did not do it, although the response is a success. Default: it did. */
  readonly refusalIn?: (result: T) => string | undefined;
  /** Texts of the request that must not be quoted back. Default: none. */
  readonly secrets?: readonly string[];
  /** The largest response in bytes, on the wire and decompressed. */
  readonly maxBytes: number;
}

/** What {@link readResponse} needs beside the response and its call. */
export interface ReadingContext {
  /** Where the credential came from; named if Cloudflare does not accept it. */
  readonly origin: Origin;
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

  const refusal = result?.success === true && flaw === undefined ? call.refusalIn?.(result.data) : undefined;
  const admit = gateFor([...context.secrets, ...(call.secrets ?? []), ...keysIn(envelope?.result)]);

  if (envelope !== undefined && result?.success === true && flaw === undefined && refusal === undefined) {
    // Errors may stand beside a success; hiding them, or `messages`, would keep a warning from the user.
    const said = admitAll([...envelope.messages, ...envelope.errors], admit);
    return { result: result.data, remarks: said.map((message) => `Cloudflare says: ${quoteMessage(message)}`) };
  }
  throw diagnoseResponse(call, {
    status: response.status,
    rayId: admit(header(response, "cf-ray") ?? ""),
    retryAfterMs: retryAfterMs(response.headers["retry-after"], context.now),
    now: context.now,
    origin: context.origin,
    errors: admitAll(
      [...(refusal === undefined ? [] : [{ code: 0, message: refusal }]), ...(envelope?.errors ?? [])],
      admit,
    ),
    claimsSuccess: envelope?.success === true && refusal === undefined,
    flaw: flaw ?? "it cannot be read",
  });
}

/** The longest text of a response that is repeated, in UTF-16 units; a longer one is cut. */
const MOST_CHARACTERS = 500;

/** A text beyond this is not even read. Cloudflare's have less than a tenth of it. */
const MOST_READ = 4_000;

/** As many entries, and causes of each, are repeated. */
const MOST_ENTRIES = 10;

/** The one gate for texts of a response. It redacts before it cuts, so that no part of a secret remains. */
function gateFor(secrets: readonly string[]): Redact {
  const redact = redactor(secrets);
  return (text) =>
    text.length > MOST_READ
      ? `[not shown, because it has ${text.length} characters]`
      : shorten(redact(oneLine(text)), MOST_CHARACTERS);
}

/** Lets what Cloudflare said pass the gate. */
export function admitAll(messages: readonly ApiMessage[], admit: Redact): ApiMessage[] {
  return messages.slice(0, MOST_ENTRIES).map(({ code, message, documentationUrl, pointer, chain }) => ({
    code,
    message: admit(message),
    ...given({
      documentationUrl: documentationUrl && admit(documentationUrl),
      pointer: pointer && admit(pointer),
      chain: chain && admitAll(chain, admit),
    }),
  }));
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
  if (error === undefined) return "it reports a failure without an error";
  // Paths and rules only: zod does not quote values here, and must not, because one of them is the key.
  return error.issues.map(({ path, message }) => `${["result", ...path].join(".")}: ${message}`).join("; ");
}
