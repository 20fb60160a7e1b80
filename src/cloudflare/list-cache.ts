import type { CallOptions } from "./client";
import { findListed, type IpsecTunnel } from "./ipsec-tunnels";
import type { TunnelRef } from "../tunnel";

export interface ListCacheOptions {
  readonly list: (accountId: string, options: CallOptions) => Promise<readonly IpsecTunnel[]>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The last list of each account, for reads that may be some seconds old. */
export interface ListCache {
  /**
   * Looks up a tunnel in a list that is less than 10 s old, if nothing was generated since; otherwise in a new one, which is
   * shared by all calls that arrive meanwhile. Returns `undefined` if the list does not have the tunnel, which may still exist.
   */
  find(tunnel: TunnelRef, options: CallOptions): Promise<IpsecTunnel | undefined>;
  /** Runs a generation. A list that was sent before its end is no longer used. */
  duringGeneration<T>(generate: () => Promise<T>): Promise<T>;
}

const REUSE_MS = 10_000;

interface SentList {
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** How many generations had ended in this process when it was sent. */
  readonly generations: number;
  readonly isPending: boolean;
  readonly tunnels: Promise<readonly IpsecTunnel[]>;
}

export function createListCache({ list, now }: ListCacheOptions): ListCache {
  const lists = new Map<string, SentList>();
  let inFlight = 0;
  let generations = 0;

  function isUsable({ isPending, sentAt, generations: known }: SentList): boolean {
    return (isPending || now() - sentAt < REUSE_MS) && known === generations && inFlight === 0;
  }

  function send(accountId: string, options: CallOptions): SentList {
    const sent = { sentAt: now(), generations, isPending: true, tunnels: list(accountId, options) };
    const settle = () => (sent.isPending = false);
    sent.tunnels.then(settle, settle);
    lists.set(accountId, sent);
    return sent;
  }

  return {
    async find({ accountId, ipsecTunnelId }, options) {
      const account = accountId.toLowerCase();
      const last = lists.get(account);
      const { tunnels } = last !== undefined && isUsable(last) ? last : send(account, options);
      return findListed(await tunnels, ipsecTunnelId);
    },

    async duringGeneration(generate) {
      inFlight += 1;
      try {
        return await generate();
      } finally {
        inFlight -= 1;
        generations += 1;
      }
    },
  };
}
