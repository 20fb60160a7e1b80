import { request } from "undici";
import type { ApiResponse, CloudflareApi, CloudflareApiOptions, Simulator } from "../../src/simulator";
import { createCloudflareApi } from "../../src/simulator";

export const account = "0123456789abcdef0123456789abcdef";
export const tunnels = `/client/v4/accounts/${account}/magic/ipsec_tunnels`;
export const fakeKey = "a-fake-key-for-tests-only";
export const requiredFields = {
  name: "branch-1",
  cloudflare_endpoint: "203.0.113.1",
  interface_address: "10.213.0.8/31",
};

export interface ReceivedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** The parts of an envelope that tests check. */
export interface Envelope {
  readonly success: boolean;
  readonly errors: readonly { readonly code: number; readonly error_chain?: readonly { readonly code: number }[] }[];
  readonly result: {
    readonly ipsec_tunnel_id?: string;
    readonly ipsec_id?: string;
    readonly psk?: string;
    readonly psk_metadata?: { readonly last_generated_on?: string };
    readonly ipsec_tunnel?: Tunnel;
    readonly ipsec_tunnels?: readonly Tunnel[];
    readonly modified_ipsec_tunnel?: Tunnel;
    readonly modified_ipsec_tunnels?: readonly Tunnel[];
    readonly successfully_applied_psks?: Readonly<Record<string, Tunnel>>;
    readonly unapplied_psks?: Readonly<Record<string, string>>;
  } | null;
}

interface Tunnel {
  readonly id?: string;
  readonly psk_metadata?: { readonly last_generated_on?: string };
  readonly name?: string;
  readonly created_on?: string;
  readonly modified_on?: string;
  readonly remote_identities?: unknown;
  readonly health_check?: unknown;
}

export function parse(body: string): Envelope {
  return JSON.parse(body) as Envelope;
}

/** Creates a handler, and a function that sends it a request with its own token. */
export function fakeApi(options: CloudflareApiOptions = {}) {
  const api: CloudflareApi = createCloudflareApi(options);
  const headers = { authorization: `Bearer ${api.apiToken}` };
  function ask(method: string, path: string, body?: object, more?: Record<string, string>): ApiResponse {
    const text = body === undefined ? "" : JSON.stringify(body);
    return api.handle({ method, path: `${tunnels}${path}`, headers: { ...headers, ...more }, body: text });
  }
  return { api, ask, result: (...args: Parameters<typeof ask>) => parse(ask(...args).body).result };
}

/** Sends one request over the real socket, with the simulator's own token. */
export async function send(
  simulator: Simulator,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  options: { readonly signal?: AbortSignal; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<ReceivedResponse> {
  const { statusCode, headers, body } = await request(new URL(`${tunnels}${path}`, simulator.url), {
    method,
    ...options,
    headers: { authorization: `Bearer ${simulator.apiToken}`, ...options.headers },
  });
  return { status: statusCode, headers, text: await body.text() };
}

/** Waits until a condition holds; gives up after 5 seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("The test's condition has not become true within 5 seconds");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Returns what a function throws, or an error that says that it threw nothing. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action();
    return new Error("was accepted");
  } catch (error) {
    return error;
  }
}

/** Returns the lines of an error's message, without the hyphens of the list. */
export function linesOf(failure: unknown): string[] {
  return (failure as Error).message.split("\n").map((line) => line.replace(/^- /, ""));
}
