import type { Dispatcher } from "undici";
import type { ZodType } from "zod";
import { IpsecTunnelPskError } from "../errors";
import { type Success, readAnswer } from "./answer";
import { ACCEPTED_ENCODINGS } from "./body";
import { authorizationHeaders, type Credentials, secretsOf } from "./credentials";
import { type DiagnosedCall, diagnoseFailure } from "./diagnose";
import type { RateLimiter } from "./rate-limiter";
import { MAX_TRIES, retryDelayMs } from "./retry";
import { exchange, ExchangeFailure, type ExchangeLimits, type HttpAnswer, type HttpRequest } from "./transport";

/** What the client needs from outside; tests put a clock of their own here. */
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
  /** Keeps the calls of this process under Cloudflare's request limit. Default: nothing does. */
  readonly limiter?: RateLimiter;
  /** Milliseconds until a try is given up. */
  readonly times: Omit<ExchangeLimits, "maxBytes">;
  /** Milliseconds before the first repeat; doubled each time. */
  readonly backoffMs: number;
}

/** One call of an endpoint: where, what, and how its result looks. */
export interface ApiCall<T> {
  readonly method: "GET" | "POST";
  /** Below the base URL, with query: `/accounts/…`. */
  readonly path: string;
  readonly body?: object;
  readonly result: ZodType<T>;
  /** What is wrong with a result of the right shape: "it is about another tunnel". Default: nothing. */
  readonly flawOf?: (result: T) => string | undefined;
  /** Completes "Cannot", for messages: `read IPsec tunnel 0123…`. */
  readonly act: string;
  /** Whether success changes something. Default: `false`. */
  readonly changes?: boolean;
  /** Bytes that the answer may have at most, on the wire and decompressed. */
  readonly maxBytes: number;
}

/** How a caller wants a call made. */
export interface CallOptions {
  /** Takes one line at a time that the user should read: waits, and what Cloudflare says beside a success. */
  readonly announce: (line: string) => void;
  /** Tries in all. Default: {@link MAX_TRIES}. */
  readonly maxTries?: number;
  /** Takes the place of {@link ClientOptions.times}. */
  readonly times?: Omit<ExchangeLimits, "maxBytes">;
  /** Hears of milliseconds spent waiting because Cloudflare asked for it. */
  readonly onCloudflareWait?: (ms: number) => void;
  /** Called before a request that is not sent at once; throws to keep it from being sent. */
  readonly beforeLateSend?: () => Promise<void>;
}

export interface CloudflareClient {
  /** @throws {IpsecTunnelPskError} */
  call<T>(call: ApiCall<T>, options: CallOptions): Promise<T>;
}

/** A request that waited longer was not sent at once: whoever asked for it may have gone. */
const LATE_MS = 1_000;

/** A client for one base URL and one credential. It keeps nothing but the dispatcher's connections. */
export function createClient(options: ClientOptions): CloudflareClient {
  const target = targetOf(options);
  return {
    async call(call, callOptions) {
      const { announce, maxTries = MAX_TRIES, onCloudflareWait } = callOptions;
      for (let tries = 1; ; tries++) {
        try {
          const { result, remarks } = await callOnce(options, target, call, callOptions, tries > 1);
          remarks.forEach(announce);
          return result;
        } catch (error) {
          if (!(error instanceof IpsecTunnelPskError) || tries >= maxTries) throw error;
          const waitMs = retryDelayMs(error, tries, options.random(), options.backoffMs);
          if (waitMs === undefined) throw error;
          announce(`${error.details.what}; trying again in ${Math.ceil(waitMs / 1000)} s`);
          await options.sleep(waitMs);
          if (error.code === "ERR_RATE_LIMITED") onCloudflareWait?.(waitMs);
        }
      }
    },
  };
}

async function callOnce<T>(
  client: ClientOptions,
  target: Target,
  call: ApiCall<T>,
  options: CallOptions,
  isRepeat: boolean,
): Promise<Success<T>> {
  const diagnosed: DiagnosedCall = { act: call.act, changes: call.changes ?? false, origin: client.credentials.origin };
  try {
    const answer = await send(client, target, call, options, isRepeat);
    return readAnswer(answer, {
      act: diagnosed.act,
      changes: diagnosed.changes,
      origin: diagnosed.origin,
      result: call.result,
      flawOf: call.flawOf,
      maxBytes: call.maxBytes,
      secrets: target.secrets,
      now: client.now(),
    });
  } catch (error) {
    throw error instanceof ExchangeFailure ? diagnoseFailure(diagnosed, error) : error;
  }
}

async function send<T>(
  client: ClientOptions,
  target: Target,
  call: ApiCall<T>,
  { announce, times, onCloudflareWait, beforeLateSend }: CallOptions,
  isRepeat: boolean,
): Promise<HttpAnswer> {
  const asked = client.now();
  const pass = await client.limiter?.enter(announce);
  const waitedMs = pass?.waitedMs ?? 0;
  const isLate = isRepeat || client.now() - asked > LATE_MS;
  let answer: HttpAnswer | undefined;
  try {
    if (waitedMs > 0) onCloudflareWait?.(waitedMs);
    if (isLate) await beforeLateSend?.();
    const { connectMs, headersMs, bodyMs } = times ?? client.times;
    const limits = { connectMs, headersMs, bodyMs, maxBytes: call.maxBytes };
    answer = await exchange(client.dispatcher, toRequest(target, call), limits);
    return answer;
  } finally {
    pass?.leave(answer);
  }
}

/** What all requests of a client have in common. */
interface Target {
  /** The base URL without a slash at its end. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly headersWithBody: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

function targetOf({ baseUrl, credentials, userAgent }: ClientOptions): Target {
  const headers = {
    accept: "application/json",
    "accept-encoding": ACCEPTED_ENCODINGS,
    "user-agent": userAgent,
    ...authorizationHeaders(credentials),
  };
  return {
    base: baseUrl.href.replace(/\/$/, ""),
    headers,
    headersWithBody: { ...headers, "content-type": "application/json" },
    secrets: secretsOf(credentials),
  };
}

function toRequest<T>(target: Target, { method, path, body }: ApiCall<T>): HttpRequest {
  const url = new URL(target.base + path);
  if (body === undefined) return { method, url, headers: target.headers };
  return { method, url, headers: target.headersWithBody, body: JSON.stringify(body) };
}
