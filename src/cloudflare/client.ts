import type { Dispatcher } from "undici";
import { IpsecTunnelPskError } from "../errors";
import type { Operation } from "../tunnel";
import { ACCEPTED_ENCODINGS } from "./body";
import { authorizationHeaders, type Credentials, secretsOf } from "./credentials";
import { diagnoseFailure } from "./diagnose";
import type { RateLimiter } from "./rate-limiter";
import { type ExpectedResponse, readResponse, type Success } from "./response";
import { MAX_ATTEMPTS, retryDelayMs } from "./retry";
import { exchange, ExchangeFailure, type HttpRequest, type HttpResponse } from "./transport";

/** What the client needs from outside; tests pass their own clock. */
export interface ClientOptions {
  readonly baseUrl: URL;
  readonly credentials: Credentials;
  readonly dispatcher: Dispatcher;
  /** Name and version of the caller, for the `User-Agent` header. */
  readonly userAgent: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Keeps the calls of this process under Cloudflare's request limit. Default: none. */
  readonly limiter?: RateLimiter;
  /** Milliseconds for one attempt: connection, head and body of the response. */
  readonly timeoutMs: number;
  /** Milliseconds before the first repeat; doubled each time. */
  readonly backoffMs: number;
}

/** One call of an endpoint. */
export interface ApiCall<T> extends ExpectedResponse<T> {
  readonly method: "GET" | "POST";
  /** Below the base URL, with query: `/accounts/…`. */
  readonly path: string;
  readonly body?: object;
}

type Sent = Pick<ApiCall<unknown>, "method" | "path" | "body" | "maxBytes">;

/** How a call is made. */
export interface CallOptions extends Pick<Operation, "announce">, Partial<Omit<Operation, "announce">> {
  /** Attempts in all. Default: {@link MAX_ATTEMPTS}. */
  readonly maxAttempts?: number;
  /** Replaces {@link ClientOptions.timeoutMs}. */
  readonly timeoutMs?: number;
}

export interface CloudflareClient {
  /** @throws {IpsecTunnelPskError} */
  call<T>(call: ApiCall<T>, options: CallOptions): Promise<T>;
}

/** A request that waited longer was delayed: the engine that asked for it may have exited. */
const LATE_MS = 1_000;

/** Creates a client for one base URL and one credential. It keeps nothing but the dispatcher's connections. */
export function createClient(client: ClientOptions): CloudflareClient {
  const { credentials, now, limiter } = client;
  const toRequest = requestsOf(client);
  const secrets = secretsOf(credentials);

  async function send(call: Sent, options: CallOptions, isRepeat: boolean): Promise<HttpResponse> {
    const calledAt = now();
    const pass = await limiter?.enter(options.announce);
    const waitedMs = pass?.waitedMs ?? 0;
    const isLate = isRepeat || now() - calledAt > LATE_MS;
    let response: HttpResponse | undefined;
    try {
      if (waitedMs > 0) options.onCloudflareWait?.(waitedMs);
      if (isLate) await options.beforeLateSend?.();
      const limits = { timeoutMs: options.timeoutMs ?? client.timeoutMs, maxBytes: call.maxBytes };
      response = await exchange(client.dispatcher, toRequest(call), limits);
      return response;
    } finally {
      pass?.leave(response);
    }
  }

  async function attempt<T>(call: ApiCall<T>, options: CallOptions, isRepeat: boolean): Promise<Success<T>> {
    try {
      const response = await send(call, options, isRepeat);
      return readResponse(response, call, { origin: credentials.origin, secrets, now: now() });
    } catch (error) {
      throw error instanceof ExchangeFailure ? diagnoseFailure(call, error) : error;
    }
  }

  return {
    async call(call, options) {
      const { announce, maxAttempts = MAX_ATTEMPTS, onCloudflareWait } = options;
      for (let attempts = 1; ; attempts++) {
        try {
          const { result, remarks } = await attempt(call, options, attempts > 1);
          remarks.forEach(announce);
          return result;
        } catch (error) {
          if (!(error instanceof IpsecTunnelPskError) || attempts >= maxAttempts) throw error;
          const waitMs = retryDelayMs(error, attempts, client.random(), client.backoffMs);
          if (waitMs === undefined) throw error;
          announce(`${error.details.summary}; trying again in ${Math.ceil(waitMs / 1000)} s`);
          await client.sleep(waitMs);
          if (error.code === "ERR_RATE_LIMITED") onCloudflareWait?.(waitMs);
        }
      }
    },
  };
}

/** Creates the function that makes requests, which have base URL and headers in common. */
function requestsOf({ baseUrl, credentials, userAgent }: ClientOptions) {
  const base = baseUrl.href.replace(/\/$/, "");
  const headers = {
    accept: "application/json",
    "accept-encoding": ACCEPTED_ENCODINGS,
    "user-agent": userAgent,
    ...authorizationHeaders(credentials),
  };
  const headersWithBody = { ...headers, "content-type": "application/json" };
  return ({ method, path, body }: Sent): HttpRequest => {
    const url = new URL(base + path);
    if (body === undefined) return { method, url, headers };
    return { method, url, headers: headersWithBody, body: JSON.stringify(body) };
  };
}
