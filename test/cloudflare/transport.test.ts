import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { connect as openTo, createServer as createTcpServer, type Server } from "node:net";
import { Agent } from "undici";
import {
  exchange,
  ExchangeFailure,
  type ExchangeLimits,
  type HttpRequest,
  type HttpResponse,
} from "../../src/cloudflare/transport";
import { until } from "../simulator/support";
import { closedPort, listenOnLoopback, type LoopbackServer } from "../support/loopback-server";
import { fakeTimeouts, observe } from "./fake-timeouts";

const limits: ExchangeLimits = { timeoutMs: 5_000, maxBytes: 1_000 };

describe("exchange()", () => {
  let server: LoopbackServer | undefined;
  let dispatcher: Agent;

  beforeEach(() => {
    dispatcher = new Agent();
  });

  afterEach(async () => {
    await dispatcher.destroy();
    await server?.close();
    server = undefined;
  });

  async function ask(peer: Server, changes: Partial<ExchangeLimits & HttpRequest> = {}) {
    server = await listenOnLoopback(peer);
    const url = new URL(`http://127.0.0.1:${server.port}/here?a=b`);
    return exchange(dispatcher, { method: "GET", url, headers: {}, ...changes }, { ...limits, ...changes });
  }
  const failureOf = (peer: Server, changes: Partial<ExchangeLimits> = {}) => rejected(ask(peer, changes));

  it("sends method, path, query, headers and body", async () => {
    const echo = respondingWith((request, response) => {
      const { method, url, headers } = request;
      request.on("data", (body: Buffer) => {
        response.end(JSON.stringify([method, url, headers["x-test"], body.toString()]));
      });
    });

    const { status, body } = await ask(echo, { method: "POST", headers: { "x-test": "1" }, body: "{}" });

    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toEqual(["POST", "/here?a=b", "1", "{}"]);
  });

  it("returns every complete response as it is, even a redirect", async () => {
    const redirect = respondingWith((_request, response) => {
      response.writeHead(302, { location: "http://127.0.0.1:1/elsewhere", "set-cookie": ["a", "b"] }).end("moved");
    });

    const { status, headers, body } = await ask(redirect);

    expect(status).toBe(302);
    expect(headers).toMatchObject({ location: "http://127.0.0.1:1/elsewhere", "set-cookie": ["a", "b"] });
    expect(body.toString()).toBe("moved");
  });

  it("does not take an interim response for the response", async () => {
    const patient = respondingWith((_request, response) => {
      response.writeProcessing();
      response.writeHead(201).end("done");
    });

    expect(await ask(patient)).toMatchObject({ status: 201, body: Buffer.from("done") });
  });

  it("accepts a body of exactly maxBytes", async () => {
    expect((await ask(saying("0".repeat(1_000)))).body).toHaveLength(1_000);
  });

  it("rejects a body that is one byte larger", async () => {
    expect(await failureOf(saying("0".repeat(1_001)))).toEqual([true, "the response is larger than 1000 bytes"]);
  });

  it("reports a refused connection as nothing sent", async () => {
    const url = new URL(`http://127.0.0.1:${await closedPort()}/`);

    const [sent, reason] = await rejected(exchange(dispatcher, { method: "GET", url, headers: {} }, limits));

    expect(sent).toBe(false);
    expect(reason).toContain("ECONNREFUSED");
  });

  it("reports a name that does not resolve as nothing sent", async () => {
    const url = new URL("http://nothing.invalid/");

    const [sent, reason] = await rejected(exchange(dispatcher, { method: "GET", url, headers: {} }, limits));

    expect(sent).toBe(false);
    expect(reason).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it("gives up on a connection that is never established, and sends nothing later", async () => {
    let received = 0;
    const peer = createTcpServer((socket) => socket.on("data", ({ length }) => (received += length)));
    const gone = new Promise((resolve) => peer.once("connection", (socket) => socket.once("close", resolve)));
    const { port } = (server = await listenOnLoopback(peer));
    // The connection is held back until the exchange has been given up.
    let connect: (() => void) | undefined;
    const slow = new Agent({
      connect: (_options, done) => {
        connect = () => {
          const socket = openTo(port, "127.0.0.1", () => {
            done(null, socket);
          });
        };
      },
    });
    const connected = new Promise((resolve) => slow.once("connect", resolve));
    const request: HttpRequest = { method: "POST", url: new URL(`http://127.0.0.1:${port}/`), headers: {}, body: "{}" };

    const failure = await rejected(exchange(slow, request, { ...limits, timeoutMs: 20 }));
    connect?.();
    await connected;
    await slow.close();
    await gone;

    expect(failure).toEqual([false, "no connection within 0.02 s"]);
    expect(received).toBe(0);
  });

  describe("with timeoutMs for the whole exchange", () => {
    beforeEach(fakeTimeouts);
    afterEach(() => {
      jest.restoreAllMocks();
      jest.useRealTimers();
    });

    /** Starts an exchange whose connection, head and body each come when the test says so. */
    async function startStepwise() {
      const requested = deferred<ServerResponse>();
      const peer = respondingWith((_request, response) => {
        requested.resolve(response);
      });
      const { port } = (server = await listenOnLoopback(peer));
      const connecting = deferred<() => void>();
      const agent = new Agent({
        connect: (_options, done) => {
          connecting.resolve(() => {
            const socket = openTo(port, "127.0.0.1", () => {
              done(null, socket);
            });
          });
        },
      });
      dispatcher = agent;
      const { dispatcher: observed, bodyStarted } = observe(agent);
      const request: HttpRequest = { method: "GET", url: new URL(`http://127.0.0.1:${port}/`), headers: {} };
      let isSettled = false;
      const exchanged = exchange(observed, request, { ...limits, timeoutMs: 1_000 }).finally(() => {
        isSettled = true;
      });
      exchanged.catch(() => undefined);
      return {
        exchanged,
        isSettled: () => isSettled,
        connect: async () => {
          (await connecting.promise)();
          return requested.promise;
        },
        /** Sends the head, and the first byte of two. */
        sendHead: async (response: ServerResponse) => {
          response.writeHead(200, { "content-length": 2 }).write("{");
          await bodyStarted;
        },
      };
    }

    it.each<[string, RequestListener]>([
      ["no response comes", () => undefined],
      [
        "nothing follows an interim response",
        (_request, response) => {
          response.writeProcessing();
        },
      ],
    ])("gives up if %s", async (_what, listener) => {
      const requested = deferred<undefined>();
      const silent = respondingWith((request, response) => {
        listener(request, response);
        requested.resolve(undefined);
      });

      const failure = failureOf(silent, { timeoutMs: 1_000 });
      await requested.promise;
      jest.advanceTimersByTime(1_000);

      expect(await failure).toEqual([true, "no response within 1 s"]);
    });

    it("gives up on a body that arrives too slowly", async () => {
      let drips = 0;
      let timer: NodeJS.Timeout | undefined;
      const dripping = respondingWith((_request, response) => {
        timer = setInterval(() => {
          drips += 1;
          response.write("0");
        }, 1);
      });
      const { dispatcher: observed, bodyStarted } = observe((dispatcher = new Agent()));
      server = await listenOnLoopback(dripping);
      const request: HttpRequest = { method: "GET", url: new URL(`http://127.0.0.1:${server.port}/`), headers: {} };

      const failure = rejected(exchange(observed, request, { ...limits, timeoutMs: 1_000 }));
      await bodyStarted;
      await until(() => drips > 1);
      jest.advanceTimersByTime(1_000);
      clearInterval(timer);

      expect(await failure).toEqual([true, "no complete response within 1 s"]);
      expect(drips).toBeGreaterThan(1);
    });

    it("counts connection, head and body together", async () => {
      const { exchanged, isSettled, connect, sendHead } = await startStepwise();

      jest.advanceTimersByTime(400);
      const response = await connect();
      jest.advanceTimersByTime(400);
      await sendHead(response);
      jest.advanceTimersByTime(199);
      await new Promise(setImmediate);
      expect(isSettled()).toBe(false);
      jest.advanceTimersByTime(1);
      await new Promise(setImmediate);
      expect(isSettled()).toBe(true);

      expect(await rejected(exchanged)).toEqual([true, "no complete response within 1 s"]);
    });

    it("accepts a response that is complete in time, and leaves no timer", async () => {
      const start = jest.spyOn(globalThis, "setTimeout");
      const clear = jest.spyOn(globalThis, "clearTimeout");
      const { exchanged, connect, sendHead } = await startStepwise();
      const timer: unknown = start.mock.results[start.mock.calls.findIndex(([, ms]) => ms === 1_000)]?.value;

      const response = await connect();
      await sendHead(response);
      jest.advanceTimersByTime(999);
      response.end("}");

      expect(await exchanged).toMatchObject({ status: 200, body: Buffer.from("{}") } satisfies Partial<HttpResponse>);
      expect(clear).toHaveBeenCalledWith(timer);
    });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["before the response", (response) => response.socket?.resetAndDestroy()],
    ["within the headers", (response) => response.socket?.end("HTTP/1.1 200 OK\r\ncontent-le")],
    ["within the body", (response) => response.socket?.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf")],
    [
      "within a chunk",
      (response) => response.socket?.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf"),
    ],
    ["after something other than HTTP", (response) => response.socket?.end("SSH-2.0-Test\r\n")],
  ])("reports a request as sent if the connection ends %s", async (_when, end) => {
    const [sent] = await failureOf(
      respondingWith((_request, response) => {
        end(response);
      }),
    );

    expect(sent).toBe(true);
  });

  it("never sends a request twice", async () => {
    let requests = 0;
    const resetting = respondingWith((_request, response) => {
      requests += 1;
      response.socket?.resetAndDestroy();
    });

    await failureOf(resetting);

    expect(requests).toBe(1);
  });
});

function respondingWith(listener: RequestListener): Server {
  return createServer(listener);
}

function saying(text: string): Server {
  return respondingWith((_request, response) => response.end(text));
}

/** What an exchange failed with: whether the request was sent, and why. */
async function rejected(exchanged: Promise<unknown>): Promise<[sent: boolean, reason: string]> {
  const error: unknown = await exchanged.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ExchangeFailure)) throw new Error("The test expects an ExchangeFailure", { cause: error });
  return [error.sent, error.message];
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
