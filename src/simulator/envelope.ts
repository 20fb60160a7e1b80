import type { ApiError } from "./refusals";

/** The wrapper around every response, in the order in which Cloudflare writes it. */
export interface Envelope {
  readonly errors: readonly ApiError[];
  readonly messages: readonly ApiError[];
  readonly result: unknown;
  readonly success: boolean;
}

export function successEnvelope(result: unknown): Envelope {
  return { errors: [], messages: [], result, success: true };
}

export function failureEnvelope(errors: readonly ApiError[]): Envelope {
  return { errors, messages: [], result: null, success: false };
}

/** Returns the headers of every response, from Cloudflare or from its gateway, with the Ray ID that its support asks for. */
export function commonHeaders(random: (size: number) => Buffer): Record<string, string> {
  return { "content-type": "application/json", "cf-ray": `${random(8).toString("hex")}-SIM` };
}
