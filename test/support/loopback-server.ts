import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";

export interface LoopbackServer {
  readonly port: number;
  /** Connections so far. */
  connections(): number;
  /** Destroys open connections too. */
  close(): Promise<void>;
}

/** Puts a server on a free port of 127.0.0.1. */
export async function listenOnLoopback(server: Server): Promise<LoopbackServer> {
  const sockets: Socket[] = [];
  server.on("connection", (socket) => {
    // A client that hangs up is no error here.
    socket.on("error", () => undefined);
    sockets.push(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.length,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Returns a port of 127.0.0.1 on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = await listenOnLoopback(createServer());
  await server.close();
  return server.port;
}
