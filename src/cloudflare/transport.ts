import type { Dispatcher } from "undici";

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it came over the wire: not decompressed. */
  readonly body: Buffer;
}

/** The first value of a header, by its lower-case name. */
export function header({ headers }: Pick<HttpAnswer, "headers">, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export interface ExchangeLimits {
  /** Milliseconds until a connection stands: name look-up, TCP, TLS, and the proxy's consent. */
  readonly connectMs: number;
  /** Milliseconds from sending until the status line and headers are there. */
  readonly headersMs: number;
  /** Milliseconds for the whole body, so that a slow drip cannot hold us. */
  readonly bodyMs: number;
  /** Bytes of body, as sent over the wire. */
  readonly maxBytes: number;
}

/** No whole answer came. `sent` tells whether Cloudflare can have seen the request. */
export class ExchangeFailure extends Error {
  constructor(
    readonly sent: boolean,
    reason: string,
  ) {
    super(reason);
  }
}

/**
 * One HTTP exchange: no redirects, no repeats.
 *
 * undici says when it starts to write on a standing connection. Whatever fails before that (DNS, a refused
 * connection, TLS, a proxy that declines, our own time-out) is known never to have reached Cloudflare.
 *
 * @throws {ExchangeFailure}
 */
export function exchange(dispatcher: Dispatcher, request: HttpRequest, limits: ExchangeLimits): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let answer: Omit<HttpAnswer, "body"> | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    let timer: NodeJS.Timeout | undefined;
    let over = false;

    const fail = (reason: string) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      reject(new ExchangeFailure(controller !== undefined, reason));
      controller?.abort(new Error(reason));
    };
    const allow = (ms: number, what: string) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        fail(`${what} within ${ms / 1000} s`);
      }, ms);
    };

    allow(limits.connectMs, "no connection");
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
          if (over) {
            started.abort(new Error("given up"));
            return;
          }
          controller = started;
          allow(limits.headersMs, "no answer");
        },
        onResponseStart(_controller, status, headers) {
          if (status < 200) return;
          answer = { status, headers };
          allow(limits.bodyMs, "no complete answer");
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > limits.maxBytes) fail(`the answer is larger than ${limits.maxBytes} bytes`);
          else chunks.push(chunk);
        },
        onResponseEnd() {
          if (over || answer === undefined) return;
          over = true;
          clearTimeout(timer);
          resolve({ ...answer, body: Buffer.concat(chunks) });
        },
        onResponseError(_controller, error) {
          fail(describe(error));
        },
      },
    );
  });
}

// An error's code says more than its message ("fetch failed"), and an AggregateError has no message at all.
function describe(error: Error & { code?: string; errors?: Error[] }): string {
  const message = error.message || (error.errors ?? []).map(({ message }) => message).join("; ");
  return error.code === undefined || message.includes(error.code) ? message : `${error.code}: ${message}`;
}
