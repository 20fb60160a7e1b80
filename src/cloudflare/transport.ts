import type { Dispatcher } from "undici";
import { oneLine, shorten } from "../foreign-text";
import { connectionProblem } from "./connection-problem";

/** One request. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A complete response. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it came over the wire: not decompressed. */
  readonly body: Buffer;
}

/** Returns the first value of a header, by its lower-case name. */
export function header({ headers }: Pick<HttpResponse, "headers">, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The limits of one exchange. */
export interface ExchangeLimits {
  /** Milliseconds for connection, head and body together, so that a slow body cannot hold us. */
  readonly timeoutMs: number;
  /** Bytes of body, as sent over the wire. */
  readonly maxBytes: number;
}

// Some errors of Node.js quote what came over the wire.
const MOST_CHARACTERS = 500;

/** An exchange without a complete response. `sent` tells whether Cloudflare may have received the request. */
export class ExchangeFailure extends Error {
  constructor(
    readonly sent: boolean,
    reason: string,
    /** What to do, if trying again would not help. */
    readonly remedy?: string,
  ) {
    super(shorten(oneLine(reason), MOST_CHARACTERS));
  }
}

/**
 * Makes one HTTP exchange: no redirects, no repeats.
 *
 * undici reports when it starts to write on an established connection. A request that fails before that (DNS, a refused
 * connection, TLS, a proxy that declines, our own timeout) provably never reached Cloudflare.
 *
 * @throws {ExchangeFailure}
 */
export function exchange(dispatcher: Dispatcher, request: HttpRequest, limits: ExchangeLimits): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let head: Omit<HttpResponse, "body"> | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    let over = false;

    const fail = (reason: string, remedy?: string) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      reject(new ExchangeFailure(controller !== undefined, reason, remedy));
      controller?.abort(new Error(reason));
    };
    const timer = setTimeout(() => {
      const missing = controller === undefined ? "connection" : head === undefined ? "response" : "complete response";
      fail(`no ${missing} within ${limits.timeoutMs / 1000} s`);
    }, limits.timeoutMs);

    dispatcher.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        onRequestStart(started) {
          // Given up while connecting: abort before a byte is written, so that "never sent" stays true.
          if (over) started.abort(new Error("given up"));
          else controller = started;
        },
        onResponseStart(_controller, status, headers) {
          if (status >= 200) head = { status, headers };
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > limits.maxBytes) fail(`the response is larger than ${limits.maxBytes} bytes`);
          else chunks.push(chunk);
        },
        onResponseEnd() {
          if (over || head === undefined) return;
          over = true;
          clearTimeout(timer);
          resolve({ ...head, body: Buffer.concat(chunks) });
        },
        onResponseError(_controller, error) {
          const { reason, remedy } = connectionProblem(error);
          fail(reason, remedy);
        },
      },
    );
  });
}
