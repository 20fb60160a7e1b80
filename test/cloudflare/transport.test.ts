import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { connect as openTo, createServer as createTcpServer, type Server } from "node:net";
import { Agent } from "undici";
import { exchange, ExchangeFailure, type ExchangeLimits, type HttpRequest } from "../../src/cloudflare/transport";
import { closedPort, listenOnLoopback, type LoopbackServer } from "../support/loopback-server";

const limits: ExchangeLimits = { connectMs: 5_000, headersMs: 5_000, bodyMs: 5_000, maxBytes: 1_000 };

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
    const echo = answering((request, response) => {
      const { method, url, headers } = request;
      request.on("data", (body: Buffer) => {
        response.end(JSON.stringify([method, url, headers["x-test"], body.toString()]));
      });
    });

    const { status, body } = await ask(echo, { method: "POST", headers: { "x-test": "1" }, body: "{}" });

    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toEqual(["POST", "/here?a=b", "1", "{}"]);
  });

  it("returns any whole answer as it is, a redirect too", async () => {
    const redirect = answering((_request, response) => {
      response.writeHead(302, { location: "http://127.0.0.1:1/elsewhere", "set-cookie": ["a", "b"] }).end("moved");
    });

    const { status, headers, body } = await ask(redirect);

    expect(status).toBe(302);
    expect(headers).toMatchObject({ location: "http://127.0.0.1:1/elsewhere", "set-cookie": ["a", "b"] });
    expect(body.toString()).toBe("moved");
  });

  it("does not take an interim answer for the answer", async () => {
    const patient = answering((_request, response) => {
      response.writeProcessing();
      response.writeHead(201).end("done");
    });

    expect(await ask(patient)).toMatchObject({ status: 201, body: Buffer.from("done") });
  });

  it("takes a body of exactly as many bytes as allowed", async () => {
    expect((await ask(saying("0".repeat(1_000)))).body).toHaveLength(1_000);
  });

  it("gives up on one byte more", async () => {
    expect(await failureOf(saying("0".repeat(1_001)))).toEqual([true, "the answer is larger than 1000 bytes"]);
  });

  it("knows that a refused connection sent nothing", async () => {
    const url = new URL(`http://127.0.0.1:${await closedPort()}/`);

    const [sent, reason] = await rejected(exchange(dispatcher, { method: "GET", url, headers: {} }, limits));

    expect(sent).toBe(false);
    expect(reason).toContain("ECONNREFUSED");
  });

  it("knows that a name that does not resolve sent nothing", async () => {
    const url = new URL("http://nothing.invalid/");

    const [sent, reason] = await rejected(exchange(dispatcher, { method: "GET", url, headers: {} }, limits));

    expect(sent).toBe(false);
    expect(reason).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it("gives up on a connection that never stands, and sends nothing later", async () => {
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

    const failure = await rejected(exchange(slow, request, { ...limits, connectMs: 20 }));
    connect?.();
    await connected;
    await slow.close();
    await gone;

    expect(failure).toEqual([false, "no connection within 0.02 s"]);
    expect(received).toBe(0);
  });

  it("gives up on silence", async () => {
    const silent = answering(() => undefined);

    expect(await failureOf(silent, { headersMs: 50 })).toEqual([true, "no answer within 0.05 s"]);
  });

  it("gives up on silence after an interim answer", async () => {
    const silent = answering((_request, response) => {
      response.writeProcessing();
    });

    expect(await failureOf(silent, { headersMs: 50 })).toEqual([true, "no answer within 0.05 s"]);
  });

  it("gives up on a body that drips", async () => {
    let drips = 0;
    let timer: NodeJS.Timeout | undefined;
    const dripping = answering((_request, response) => {
      timer = setInterval(() => {
        drips += 1;
        response.write("0");
      }, 5);
    });

    const failure = await failureOf(dripping, { bodyMs: 100 });
    clearInterval(timer);

    expect(failure).toEqual([true, "no complete answer within 0.1 s"]);
    expect(drips).toBeGreaterThan(1);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["before the answer", (response) => response.socket?.resetAndDestroy()],
    ["within the headers", (response) => response.socket?.end("HTTP/1.1 200 OK\r\ncontent-le")],
    ["within the body", (response) => response.socket?.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf")],
    [
      "within a chunk",
      (response) => response.socket?.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf"),
    ],
    ["with something else than HTTP", (response) => response.socket?.end("SSH-2.0-Test\r\n")],
  ])("knows that a request was sent though the connection ends %s", async (_when, end) => {
    const [sent] = await failureOf(
      answering((_request, response) => {
        end(response);
      }),
    );

    expect(sent).toBe(true);
  });

  it("never asks twice", async () => {
    let requests = 0;
    const resetting = answering((_request, response) => {
      requests += 1;
      response.socket?.resetAndDestroy();
    });

    await failureOf(resetting);

    expect(requests).toBe(1);
  });
});

function answering(listener: RequestListener): Server {
  return createServer(listener);
}

function saying(text: string): Server {
  return answering((_request, response) => response.end(text));
}

/** What an exchange failed with: whether the request was sent, and why. */
async function rejected(answer: Promise<unknown>): Promise<[sent: boolean, reason: string]> {
  const error: unknown = await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ExchangeFailure)) throw new Error("The test expects an ExchangeFailure", { cause: error });
  return [error.sent, error.message];
}
