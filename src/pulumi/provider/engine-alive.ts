import { createConnection } from "node:net";
import { IpsecTunnelPskError } from "../../errors";

const TIMEOUT_MS = 2_000;

/**
 * Fails if the engine that started this provider has died. Its address is the first argument of the process. An orphan
 * must not generate: nobody would keep the key.
 *
 * @param address - `127.0.0.1:<port>`; without one there is nothing to ask, and nothing fails.
 * @throws {IpsecTunnelPskError} `ERR_ENGINE_GONE`
 */
export async function requireEngine(address: string | undefined): Promise<void> {
  const [, host, port] = /^(.+):(\d+)$/.exec(address ?? "") ?? [];
  if (host === undefined || (await accepts(host, Number(port)))) return;
  throw new IpsecTunnelPskError("ERR_ENGINE_GONE", {
    what: "Cannot go on as the Pulumi engine that asked for it has gone: nobody would keep the key",
    remedy: "Run `pulumi cancel`, then `pulumi up --refresh`. Nothing more was sent.",
  });
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: TIMEOUT_MS });
    const settle = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.once("connect", () => {
      settle(true);
    });
    // Only a refusal proves that it is dead; a slow machine does not.
    socket.once("timeout", () => {
      settle(true);
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      settle(code !== "ECONNREFUSED");
    });
  });
}
