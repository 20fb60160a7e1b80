import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** An HTTP server that accepts no connection at first, as a host behind a bad link: attempts get no response at all. */
export interface StalledServer {
  readonly port: number;
  close(): Promise<void>;
}

// The kernel queues a connection or two for a process that is busy, and drops all further attempts.
const BUSY = `
const { createServer } = require("node:http");
const [host, port, ms] = process.argv.slice(1);
const server = createServer((_request, response) => response.end("reached"));
server.listen({ host, port: Number(port), backlog: 1 }, () => {
  require("node:fs").writeSync(1, server.address().port + "\\n");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms));
});`;

/** @param forMs - Milliseconds after which it accepts. */
export async function startStalledServer(host: string, port: number, forMs: number): Promise<StalledServer> {
  const args = ["--eval", BUSY, host, String(port), String(forMs)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const fillers = await Promise.all(Array.from({ length: 2 }, () => connected(host, Number(line))));
  return {
    port: Number(line),
    async close() {
      for (const socket of fillers) socket.destroy();
      const closed = once(child, "close");
      child.kill("SIGKILL");
      await closed;
    },
  };
}

async function connected(host: string, port: number): Promise<Socket> {
  const socket = connect(port, host).on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}
