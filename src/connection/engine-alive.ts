import { createConnection } from "node:net";
import { IpsecTunnelPskError } from "../errors";
import { sleep } from "./sleep";

const TIMEOUT_MS = 2_000;
const PAUSE_MS = 20;

/**
 * Fails if the engine that started this provider has exited. Its address is the last argument of the process. An orphaned
 * provider must not generate: the key would be lost.
 *
 * @param address - `127.0.0.1:<port>`; without one there is nothing to check, and nothing fails.
 * @throws {IpsecTunnelPskError} `ERR_ENGINE_GONE`
 */
export async function requireEngine(address: string | undefined): Promise<void> {
  if (!(await hasExited(address))) return;
  throw new IpsecTunnelPskError("ERR_ENGINE_GONE", {
    summary: "Cannot continue: the Pulumi engine that started this operation has exited, so the new key would be lost",
    remedy: "Run `pulumi cancel`, then `pulumi up --refresh`. Nothing more was sent.",
  });
}

/** Tells whether an engine has certainly exited. @param address - `127.0.0.1:<port>`; without one, nothing is certain. */
export async function hasExited(address: string | undefined): Promise<boolean> {
  const [, host, port] = ADDRESS.exec(address ?? "") ?? [];
  if (host === undefined) return false;
  const giveUpAt = Date.now() + TIMEOUT_MS;
  for (;;) {
    const found = await look(host, Number(port));
    // While a process dies, its system still accepts connections for it, and resets them.
    if (found !== "dropped" || Date.now() >= giveUpAt) return found === "refused";
    await sleep(PAUSE_MS);
  }
}

/** Tells whether a text is the address of an engine. */
export function isAddress(text: string | undefined): text is string {
  return text !== undefined && ADDRESS.test(text);
}

const ADDRESS = /^([\w.-]+):(\d+)$/;

type Finding =
  /** It speaks: gRPC's servers send their settings before they are asked. */
  | "alive"
  /** Only this proves that it has exited. */
  | "refused"
  | "dropped"
  /** A slow machine, for example. */
  | "unclear";

function look(host: string, port: number): Promise<Finding> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: TIMEOUT_MS });
    const settle = (finding: Finding) => {
      socket.destroy();
      resolve(finding);
    };
    socket.once("data", () => {
      settle("alive");
    });
    socket.once("timeout", () => {
      settle("unclear");
    });
    socket.once("end", () => {
      settle("dropped");
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      settle(code === "ECONNREFUSED" ? "refused" : code === "ECONNRESET" ? "dropped" : "unclear");
    });
  });
}
