import { setMaxListeners } from "node:events";
import { IpsecTunnelPskError } from "../errors";
import { sleep } from "./sleep";

/** Ends the waits of a process that is asked to stop. A request that was sent is not affected. */
export interface Cancellation {
  /** Ends every wait, including later ones. */
  readonly cancel: () => void;
  /** Waits, however long. @throws {IpsecTunnelPskError} `ERR_CANCELLED` if cancelled before or during the wait. */
  readonly sleep: (ms: number) => Promise<void>;
  /** @throws {IpsecTunnelPskError} `ERR_CANCELLED` if cancelled. */
  readonly throwIfCancelled: () => void;
}

export function createCancellation(): Cancellation {
  const controller = new AbortController();
  const { signal } = controller;
  // One listener for each wait. Node.js would take more than ten for a leak, and warn.
  setMaxListeners(0, signal);
  const throwIfCancelled = () => {
    if (signal.aborted) throw cancelled();
  };
  return {
    cancel: () => {
      controller.abort();
    },
    sleep: async (ms) => {
      throwIfCancelled();
      await sleep(ms, signal).catch(throwIfCancelled);
    },
    throwIfCancelled,
  };
}

function cancelled(): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_CANCELLED", {
    summary: "Cannot continue: the run was cancelled",
    remedy: "Run again. Nothing was sent after the cancellation.",
  });
}
