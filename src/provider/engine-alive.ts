import { createConnection } from "node:net";
import { IpsecTunnelPskError } from "../errors";

const TIMEOUT_MS = 2_000;

/**
 * Fails if the engine that started this provider has exited. Its address is the first argument of the process. An orphaned
 * provider must not generate: the key would be lost.
 *
 * @param address - `127.0.0.1:<port>`; without one there is nothing to check, and nothing fails.
 * @throws {IpsecTunnelPskError} `ERR_ENGINE_GONE`
 */
export async function requireEngine(address: string | undefined): Promise<void> {
  const [, host, port] = /^(.+):(\d+)$/.exec(address ?? "") ?? [];
  if (host === undefined || (await accepts(host, Number(port)))) return;
  throw new IpsecTunnelPskError("ERR_ENGINE_GONE", {
    summary: "Cannot continue: the Pulumi engine that started this operation has exited, so the new key would be lost",
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
    // Only a refusal proves that it has exited; a slow machine does not.
    socket.once("timeout", () => {
      settle(true);
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      settle(code !== "ECONNREFUSED");
    });
  });
}
