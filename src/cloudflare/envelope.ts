import { z } from "zod";
import type { ApiMessage } from "../errors";
import { given } from "../given";

/** The wrapper around every response of Cloudflare's API, with our names. */
export interface Envelope {
  readonly success: boolean;
  readonly errors: readonly ApiMessage[];
  readonly messages: readonly ApiMessage[];
  readonly result: unknown;
}

// Nothing here fails for a field of the wrong type, because the errors matter most when a response is odd.
const text = z.string().optional().catch(undefined);
const number = z.string().regex(/^\d+$/).transform(Number);
const cause = z.object({ code: z.number().or(number).catch(0), message: z.string().catch("") });
const entry = cause.extend({
  documentation_url: text,
  source: z.object({ pointer: text }).optional().catch(undefined),
  error_chain: z.array(cause).optional().catch(undefined),
});
const entries = z
  .array(entry.catch({ code: 0, message: "" }))
  .or(entry.transform((only) => [only]))
  .nullish()
  .catch([]);
const envelope = z.object({
  success: z
    .boolean()
    .or(z.stringbool({ truthy: ["true"], falsy: ["false"] }))
    .optional()
    .catch(undefined),
  errors: entries,
  messages: entries,
  result: z.unknown().optional(),
});

/**
 * Reads a response body. One that does not say `success` is a success if it has a result and no errors.
 *
 * @returns `undefined` if the text is not JSON or not an envelope.
 * @see https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/
 */
export function parseEnvelope(body: string): Envelope | undefined {
  const parsed = envelope.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { messages, result } = parsed.data;
  const errors = parsed.data.errors ?? [];
  const says = result != null || errors.length > 0;
  if (parsed.data.success === undefined && !says) return undefined;
  return {
    success: parsed.data.success ?? errors.length === 0,
    errors: errors.map(toApiMessage),
    messages: (messages ?? []).map(toApiMessage),
    result,
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function toApiMessage({ code, message, documentation_url, source, error_chain }: z.infer<typeof entry>): ApiMessage {
  return {
    code,
    message,
    ...given({ documentationUrl: documentation_url, pointer: source?.pointer, chain: error_chain }),
  };
}
