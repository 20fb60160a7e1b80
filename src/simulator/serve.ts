import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ApiRequest } from "./api";
import { failureEnvelope } from "./envelope";
import type { Exchange } from "./apply-fault";
import { bodyTooLarge } from "./refusals";
import { send } from "./send";

const LARGEST_REQUEST = 1024 * 1024;

/** The response to a request, and a callback for when it is sent. */
export interface Visit extends Exchange {
  readonly onSent: () => void;
}

export interface Listener {
  readonly port: number;
  /** Also destroys open connections. May be called again. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 and nowhere else. */
export async function serve(port: number, visit: (request: ApiRequest) => Promise<Visit>): Promise<Listener> {
  const server = createServer((request, response) => {
    // A client that hangs up is not an error here, and its request continues.
    response.on("error", () => undefined);
    converse(request, response, visit).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
      response.end(`The simulator failed: ${String(error)}`);
    });
  });
  // Longer than any pause of a client, so that no request meets a connection that is just being closed.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });

  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: () => (closing ??= close(server)),
  };
}

async function converse(
  request: IncomingMessage,
  response: ServerResponse,
  visit: (request: ApiRequest) => Promise<Visit>,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    response.writeHead(bodyTooLarge.status, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify(failureEnvelope(bodyTooLarge.errors)));
    return;
  }

  const { method = "GET", url: path = "/" } = request;
  const { onSent, ...exchange } = await visit({ method, path, headers: singles(request), body });
  if (response.destroyed) return;
  if (exchange.ending === "whole" || exchange.ending === "truncated") onSent();
  send(request, response, exchange);
}

/** Reads the body as text; returns `undefined` if it is too large to be kept. It is read to the end, so that a response arrives. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_REQUEST) chunks.push(chunk);
  }
  return size > LARGEST_REQUEST ? undefined : Buffer.concat(chunks).toString("utf8");
}

function singles({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
