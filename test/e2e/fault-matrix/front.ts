import { createServer, type IncomingMessage, request as send, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { findRoute, type Operation } from "../../../src/simulator/route";
import { listenOnLoopback } from "../../support/loopback-server";

/** The Cloudflare of one account, behind the front. */
export interface Backend {
  /** The base URL of its simulator. */
  readonly url: string;
  /** Decides when a request goes on to the simulator. `forward` resolves once the simulator has responded. */
  around?: ((operation: Operation | "unknown", forward: () => Promise<void>) => Promise<void>) | undefined;
}

/** One base URL for many simulators, chosen by account: so one provider process serves every cell of the matrix. */
export interface Front {
  /** The base URL for clients. */
  readonly url: string;
  readonly port: number;
  add(accountId: string, backend: Backend): void;
  close(): Promise<void>;
}

export async function startFront(): Promise<Front> {
  const backends = new Map<string, Backend>();
  const server = createServer((request, response) => {
    const { accountId = "", operation } = findRoute(request.method ?? "", request.url ?? "");
    const backend = backends.get(accountId);
    if (backend === undefined) {
      response.writeHead(500).end();
      return;
    }
    void (async () => {
      // Read now: a request that is held back outlives its client.
      const body = await buffer(request);
      const forward = () => relay(request, body, response, backend.url);
      await (backend.around?.(operation, forward) ?? forward());
    })();
  });
  const listener = await listenOnLoopback(server);
  const { port } = listener;
  return {
    url: `http://127.0.0.1:${port}/client/v4`,
    port,
    add: (id, backend) => backends.set(id, backend),
    close: () => listener.close(),
  };
}

/** Passes on everything as it is, even resets and half responses. */
function relay(request: IncomingMessage, body: Buffer, response: ServerResponse, baseUrl: string): Promise<void> {
  return new Promise((done) => {
    const { method, url, headers } = request;
    const onward = send(new URL(url ?? "/", baseUrl), { method, headers, agent: false }, (received) => {
      response.writeHead(received.statusCode ?? 500, received.headers);
      received.pipe(response);
      received.on("error", () => response.destroy());
      received.on("close", done);
    });
    onward.on("error", () => {
      request.socket.resetAndDestroy();
      done();
    });
    onward.end(body);
  });
}
