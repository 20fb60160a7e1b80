import type { TunnelRef } from "../tunnel";
import type { CallOptions } from "./client";
import { findListed, type IpsecTunnel } from "./ipsec-tunnels";

export interface ReadBatchOptions {
  readonly list: (accountId: string, options: CallOptions) => Promise<readonly IpsecTunnel[]>;
  readonly get: (tunnel: TunnelRef, options: CallOptions) => Promise<IpsecTunnel | undefined>;
  /** Waits. If it rejects because the process is asked to stop, the wait counts as over. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds that a read waits at most for generations in flight to end, so that they can share it. */
  readonly batchWaitMs: number;
  /** Milliseconds that a read waits with nothing in flight, for the next one to join. */
  readonly quietMs: number;
  /** How many operations probably run at a time: when as many wait, no more can join. */
  readonly parallel: number;
}

/** Reads that are shared: one list serves all callers that wait for a read of its account, if it has their tunnel. */
export interface ReadBatch {
  /** Reads a tunnel, with a request that is sent after this call. */
  readAfter(tunnel: TunnelRef, options: CallOptions): Promise<IpsecTunnel | undefined>;
  /** Runs a generation; reads wait for all that are in flight. */
  duringGeneration<T>(generate: () => Promise<T>): Promise<T>;
}

interface Waiter {
  readonly tunnel: TunnelRef;
  readonly options: CallOptions;
  readonly resolve: (tunnel: IpsecTunnel | undefined) => void;
  readonly reject: (error: unknown) => void;
}

export function createReadBatch({ list, get, sleep, batchWaitMs, quietMs, parallel }: ReadBatchOptions): ReadBatch {
  let inFlight = 0;
  let waiting: Waiter[] = [];
  let events = 0;
  let batches = 0;

  function send(): void {
    const batch = waiting;
    waiting = [];
    batches += 1;
    const accounts = new Map<string, Waiter[]>();
    for (const waiter of batch) {
      const accountId = waiter.tunnel.accountId.toLowerCase();
      accounts.set(accountId, [...(accounts.get(accountId) ?? []), waiter]);
    }
    accounts.forEach((waiters) => void read(waiters));
  }

  async function read(waiters: readonly Waiter[]): Promise<void> {
    const [first] = waiters;
    if (first === undefined) return;
    const options = shared(waiters.map((waiter) => waiter.options));
    try {
      if (waiters.length === 1) {
        first.resolve(await get(first.tunnel, options));
        return;
      }
      const tunnels = await list(first.tunnel.accountId, options);
      waiters.forEach(({ tunnel, options, resolve, reject }) => {
        const listed = findListed(tunnels, tunnel.ipsecTunnelId);
        if (listed !== undefined) resolve(listed);
        // A list does not show that a tunnel is gone, and leaves out an entry that is broken.
        else get(tunnel, options).then(resolve, reject);
      });
    } catch (error) {
      waiters.forEach(({ reject }) => {
        reject(error);
      });
    }
  }

  function afterSleep(ms: number, run: () => void): void {
    void sleep(ms).then(run, run);
  }

  function sendWhenQuiet(): void {
    events += 1;
    if (waiting.length === 0 || inFlight > 0) return;
    const event = events;
    afterSleep(quietMs, () => {
      if (event === events && waiting.length > 0) send();
    });
  }

  return {
    async duringGeneration(generate) {
      inFlight += 1;
      try {
        return await generate();
      } finally {
        inFlight -= 1;
        // Not immediately, however many wait: the operation that asked for this one is about to join them.
        sendWhenQuiet();
      }
    },

    readAfter(tunnel, options) {
      return new Promise((resolve, reject) => {
        waiting.push({ tunnel, options, resolve, reject });
        if (waiting.length === 1) {
          const batch = batches;
          afterSleep(batchWaitMs, () => {
            if (batch === batches) send();
          });
        }
        // The first read is alone if one key is generated alone; from then on, the next wave of operations comes together.
        const isComplete = batches === 0 || waiting.length >= parallel;
        if (inFlight === 0 && isComplete) send();
        else sendWhenQuiet();
      });
    },
  };
}

/** Combines the options of callers that share a request: all learn of its waits, and the first one announces them. */
function shared([first, ...others]: readonly CallOptions[]): CallOptions {
  return {
    announce: () => undefined,
    ...first,
    onCloudflareWait: (ms) => {
      [first, ...others].forEach((options) => options?.onCloudflareWait?.(ms));
    },
  };
}
