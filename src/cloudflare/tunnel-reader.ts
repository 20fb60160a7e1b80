import type { CallOptions } from "./client";
import { findListed, type IpsecTunnel, type TunnelRef } from "./ipsec-tunnels";

export interface TunnelReaderOptions {
  readonly list: (accountId: string, options: CallOptions) => Promise<readonly IpsecTunnel[]>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly get: (tunnel: TunnelRef, options: CallOptions) => Promise<IpsecTunnel | undefined>;
  /** Milliseconds that a read waits at most for generations in flight to end, so that they can share it. */
  readonly batchWaitMs: number;
  /** Milliseconds that a read waits with nothing in flight, for the next one to join. */
  readonly quietMs: number;
  /** How many operations are probably going on at once: when as many wait, nobody else can join. */
  readonly atOnce: number;
}

/** One read for many: one list answers all who wait for a read of that account, and whose tunnel it tells of. */
export interface TunnelReader {
  /** Runs a generation; reads wait for those in flight. */
  generating<T>(generate: () => Promise<T>): Promise<T>;
  /** A read that is sent after this call. */
  readAfter(tunnel: TunnelRef, options: CallOptions): Promise<IpsecTunnel | undefined>;
  /**
   * A list of the last 10 s, unless something was generated since; or a new one, shared by all who ask meanwhile.
   * `undefined` where it does not tell of the tunnel, which does not mean that the tunnel is gone.
   */
  listed(tunnel: TunnelRef, options: CallOptions): Promise<IpsecTunnel | undefined>;
}

const REUSE_MS = 10_000;

interface SentList {
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** How many generations this process had ended when it was sent. */
  readonly generations: number;
  readonly isPending: boolean;
  readonly answer: Promise<readonly IpsecTunnel[]>;
}

interface Waiter {
  readonly tunnel: TunnelRef;
  readonly options: CallOptions;
  readonly resolve: (tunnel: IpsecTunnel | undefined) => void;
  readonly reject: (error: unknown) => void;
}

export function createTunnelReader(options: TunnelReaderOptions): TunnelReader {
  const { list, get, now, sleep, batchWaitMs, quietMs, atOnce } = options;
  let inFlight = 0;
  let generations = 0;
  let waiting: Waiter[] = [];
  let events = 0;
  let batches = 0;
  // Nobody else before the first batch, so that a key that is generated alone does not wait for others.
  let expected = 1;
  const lists = new Map<string, SentList>();

  function send(): void {
    const batch = waiting;
    waiting = [];
    expected = Math.max(batches === 0 ? atOnce : expected, batch.length);
    batches += 1;
    const accounts = new Map<string, Waiter[]>();
    for (const waiter of batch) {
      const accountId = waiter.tunnel.accountId.toLowerCase();
      accounts.set(accountId, [...(accounts.get(accountId) ?? []), waiter]);
    }
    accounts.forEach((waiters) => void answer(waiters));
  }

  async function answer(waiters: readonly Waiter[]): Promise<void> {
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
        // A list does not tell that a tunnel is gone, nor of an entry that is broken.
        else get(tunnel, options).then(resolve, reject);
      });
    } catch (error) {
      waiters.forEach(({ reject }) => {
        reject(error);
      });
    }
  }

  function sendWhenQuiet(): void {
    events += 1;
    if (waiting.length === 0 || inFlight > 0) return;
    const event = events;
    void sleep(quietMs).then(() => {
      if (event !== events || waiting.length === 0) return;
      // Not all at once: one pause of the engine's is no reason to share less from then on.
      expected = Math.max(2, Math.floor((expected + waiting.length) / 2));
      send();
    });
  }

  return {
    async generating(generate) {
      inFlight += 1;
      try {
        return await generate();
      } finally {
        inFlight -= 1;
        generations += 1;
        // Not at once, however many wait: whoever asked for this one is about to join them.
        sendWhenQuiet();
      }
    },

    readAfter(tunnel, options) {
      return new Promise((resolve, reject) => {
        waiting.push({ tunnel, options, resolve, reject });
        if (waiting.length === 1) {
          const batch = batches;
          void sleep(batchWaitMs).then(() => {
            if (batch === batches) send();
          });
        }
        if (inFlight === 0 && waiting.length >= expected) send();
        else sendWhenQuiet();
      });
    },

    async listed(tunnel, options) {
      const accountId = tunnel.accountId.toLowerCase();
      let last = lists.get(accountId);
      const isYoung = last !== undefined && (last.isPending || now() - last.sentAt < REUSE_MS);
      if (last === undefined || !isYoung || last.generations !== generations || inFlight > 0) {
        const sent = { sentAt: now(), generations, isPending: true, answer: list(accountId, options) };
        const settle = () => (sent.isPending = false);
        sent.answer.then(settle, settle);
        last = sent;
        lists.set(accountId, sent);
      }
      return findListed(await last.answer, tunnel.ipsecTunnelId);
    },
  };
}

/** Everybody who shares a call hears of its waits; the first one speaks for all. */
function shared([first, ...others]: readonly CallOptions[]): CallOptions {
  return {
    announce: () => undefined,
    ...first,
    onCloudflareWait: (ms) => {
      [first, ...others].forEach((options) => options?.onCloudflareWait?.(ms));
    },
  };
}
