import type { ApiMessage } from "../errors";

/** A copy of what Cloudflare said in which no secret is quoted back. */
export function redact(message: ApiMessage, secrets: readonly string[]): ApiMessage {
  const clean = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
  return {
    code: message.code,
    message: clean(message.message),
    ...(message.documentationUrl !== undefined && { documentationUrl: clean(message.documentationUrl) }),
    ...(message.pointer !== undefined && { pointer: clean(message.pointer) }),
    ...(message.chain !== undefined && { chain: message.chain.map((cause) => redact(cause, secrets)) }),
  };
}
