import { randomBytes } from "node:crypto";
import type { CallTunnel, RawResponse } from "./api";

/** A fact about Cloudflare's API that its public documentation leaves open. Never contains a key. */
export interface Finding {
  /** "POST psk_generate: response contains ipsec_id". */
  readonly fact: string;
  /** "yes", "no", or a description. */
  readonly result: string;
}

type TunnelJson = { readonly id: string; readonly psk_metadata?: { readonly last_generated_on?: string } } & Record<
  string,
  unknown
>;

/**
 * Finds out what Cloudflare's public documentation leaves open. It replaces the tunnel's key several times: with generated keys, and
 * with keys of its own. Finally it generates a key that it does not return.
 *
 * @throws {Error} if the tunnel cannot be read, or a key cannot be generated.
 */
export async function findFacts(call: CallTunnel): Promise<Finding[]> {
  const before = await readTunnel(call);
  const generated = await generate(call);
  const read = await readTunnel(call);
  const validated = await call("POST", "/psk_generate?validate_only=true", {});
  const afterValidation = await readTunnel(call);
  const put = await call("PUT", "", { psk: randomBytes(32).toString("base64url") });
  const afterPut = await readTunnel(call);
  const putNull = await call("PUT", "", { psk: null });
  const afterNull = await readTunnel(call);
  await generate(call);

  return [
    { fact: "POST psk_generate: length and characters of the key", result: shapeOf(generated.result.psk) },
    { fact: "POST psk_generate: response contains ipsec_id", result: yesNo(generated.result.ipsec_id !== undefined) },
    {
      fact: "POST psk_generate: ipsec_tunnel_id is the ID of the tunnel",
      result: yesNo(generated.result.ipsec_tunnel_id === read.id),
    },
    { fact: "POST psk_generate: precision of the timestamp", result: precisionOf(timestampOf(generated.result)) },
    { fact: "POST psk_generate: response has a Ratelimit header", result: yesNo(generated.headers.has("ratelimit")) },
    {
      fact: "GET: shows a new timestamp immediately after psk_generate",
      result: yesNo(timestampOf(read) !== timestampOf(before)),
    },
    { fact: "GET: precision of the timestamp", result: precisionOf(timestampOf(read)) },
    { fact: "GET: response contains remote_identities", result: yesNo(read.remote_identities !== undefined) },
    {
      fact: "POST psk_generate?validate_only=true: response contains a key",
      result: yesNo(validated.result.psk !== undefined),
    },
    {
      fact: "POST psk_generate?validate_only=true: changes nothing (same timestamp)",
      result: yesNo(timestampOf(afterValidation) === timestampOf(read)),
    },
    { fact: "PUT with psk: accepted", result: acceptance(put) },
    {
      fact: "PUT with psk: changes the timestamp",
      result: yesNo(timestampOf(afterPut) !== timestampOf(afterValidation)),
    },
    { fact: "PUT with psk null: accepted", result: acceptance(putNull) },
    { fact: "PUT with psk null: removes the key (no timestamp)", result: yesNo(timestampOf(afterNull) === undefined) },
  ];
}

async function readTunnel(call: CallTunnel): Promise<TunnelJson> {
  const { success, status, result } = await call("GET", "");
  if (!success) {
    throw new Error(
      `Cannot read the tunnel: HTTP ${status}\nWhat to do: Check --account, --tunnel, and the token and its permission.`,
    );
  }
  return result.ipsec_tunnel as TunnelJson;
}

async function generate(call: CallTunnel): Promise<RawResponse> {
  const response = await call("POST", "/psk_generate", {});
  if (!response.success) {
    throw new Error(
      `Cannot generate a key: HTTP ${response.status}\n` +
        "What to do: Check the token's permission. Generate a new key before you use the tunnel: its key may have changed.",
    );
  }
  return response;
}

function timestampOf(result: Record<string, unknown>): string | undefined {
  return (result.psk_metadata as { last_generated_on?: string } | undefined)?.last_generated_on;
}

const CHARACTER_CLASSES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["A-Z", /[A-Z]/],
  ["a-z", /[a-z]/],
  ["0-9", /\d/],
  ['"_"', /_/],
  ['"-"', /-/],
  ["others", /[^\w-]/],
];

function shapeOf(psk: unknown): string {
  if (typeof psk !== "string") return "no key in the response";
  const seen = CHARACTER_CLASSES.filter(([, pattern]) => pattern.test(psk)).map(([name]) => name);
  return `${psk.length} characters: ${seen.join(", ")}`;
}

function precisionOf(timestamp: string | undefined): string {
  if (timestamp === undefined) return "no timestamp";
  const digits = /\.(\d+)/.exec(timestamp)?.[1]?.length ?? 0;
  return digits === 0 ? "whole seconds" : `${digits} decimal places of a second`;
}

function acceptance({ success, status }: RawResponse): string {
  return success ? "yes" : `no (HTTP ${status})`;
}

function yesNo(holds: boolean): string {
  return holds ? "yes" : "no";
}
