import { randomBytes } from "node:crypto";
import type { RawAnswer, TunnelApi } from "./api";

/** Something that is not established about Cloudflare's API, and what was found. Never holds a key. */
export interface Finding {
  readonly question: string;
  readonly answer: string;
}

type TunnelSight = { readonly id: string; readonly psk_metadata?: { readonly last_generated_on?: string } } & Record<
  string,
  unknown
>;

/**
 * Finds out what Cloudflare's public documents leave open, on a tunnel whose key may be lost: it generates keys, and sets
 * keys of its own. The last thing it does is to generate a key that nobody learns.
 *
 * @throws {Error} if the tunnel cannot be read, or a key cannot be generated: then nothing can be found out.
 */
export async function findFacts(call: TunnelApi): Promise<Finding[]> {
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
    { question: "length and characters of a generated key", answer: shapeOf(generated.result.psk) },
    { question: "psk_generate answers with ipsec_id", answer: yes(generated.result.ipsec_id !== undefined) },
    {
      question: "psk_generate answers with its own tunnel's id",
      answer: yes(generated.result.ipsec_tunnel_id === read.id),
    },
    { question: "precision of the time stamp in its answer", answer: precisionOf(timeOf(generated.result)) },
    { question: "precision of the time stamp in a read", answer: precisionOf(timeOf(read)) },
    {
      question: "a read after a generation shows its time stamp at once",
      answer: yes(timeOf(read) !== timeOf(before)),
    },
    { question: "a read shows remote_identities", answer: yes(read.remote_identities !== undefined) },
    { question: "validate_only answers with a key", answer: yes(validated.result.psk !== undefined) },
    { question: "validate_only persists nothing", answer: yes(timeOf(afterValidation) === timeOf(read)) },
    { question: "a PUT with psk is accepted", answer: accepted(put) },
    { question: "a PUT with psk moves the time stamp", answer: yes(timeOf(afterPut) !== timeOf(afterValidation)) },
    { question: "a PUT with psk: null is accepted", answer: accepted(putNull) },
    { question: "a PUT with psk: null removes the key", answer: yes(timeOf(afterNull) === undefined) },
    { question: "answers carry Ratelimit headers", answer: yes(generated.headers.has("ratelimit")) },
  ];
}

async function readTunnel(call: TunnelApi): Promise<TunnelSight> {
  const { success, status, result } = await call("GET", "");
  if (!success) throw new Error(`The tunnel cannot be read: HTTP ${status}`);
  return result.ipsec_tunnel as TunnelSight;
}

async function generate(call: TunnelApi): Promise<RawAnswer> {
  const answer = await call("POST", "/psk_generate", {});
  if (!answer.success) throw new Error(`No key can be generated: HTTP ${answer.status}`);
  return answer;
}

function timeOf(result: Record<string, unknown>): string | undefined {
  return (result.psk_metadata as { last_generated_on?: string } | undefined)?.last_generated_on;
}

function shapeOf(psk: unknown): string {
  if (typeof psk !== "string") return "no key in the answer";
  const classes = [/[A-Z]/, /[a-z]/, /\d/, /_/, /-/].filter((pattern) => pattern.test(psk)).map(String);
  const others = psk.replace(/[\w-]/g, "").length;
  return `${psk.length} characters; seen: ${classes.join(" ")}${others > 0 ? `, and ${others} others` : ""}`;
}

function precisionOf(timestamp: string | undefined): string {
  return timestamp === undefined
    ? "no time stamp"
    : `${/\.(\d+)/.exec(timestamp)?.[1]?.length ?? 0} digits of a second`;
}

function accepted({ success, status }: RawAnswer): string {
  return success ? "yes" : `no: HTTP ${status}`;
}

function yes(holds: boolean): string {
  return holds ? "yes" : "no";
}
