import type { TunnelRef } from "../tunnel";
import type { CallOptions } from "./client";
import { createGathering, type GatheringOptions } from "./gathering";
import { findListed, type IpsecTunnel, type TunnelList } from "./shown-tunnels";

/** How old the list of an account may be. */
export type ListPolicy =
  /** Sent after the call; all that wait at the same time share it. */
  | "fresh"
  /** Less than 10 s old, and sent after the end of every change by this process. */
  | "recent"
  /** Less than 10 s old, whatever changed since: a change of a key changes no tunnel's name or ID. */
  | "recentNames"
  /** The first one that was asked for with this policy, even if it failed, or the last one that had arrived by then. */
  | "once"
  /** The first one that was asked for with this policy, even if it failed: sent at least the lag wait after the call. */
  | "again";

/** The lists of the tunnels of each account. Whatever needs a list asks here, so that as many as possible share one. */
export interface TunnelLists {
  /** Returns an account's tunnels. The list may lag, and may lack a tunnel that exists. */
  list(accountId: string, policy: ListPolicy, options: CallOptions): Promise<TunnelList>;
  /**
   * Reads a tunnel with a request that is sent after this call: a fresh list if others wait for one of the same account, a read of
   * this tunnel if none do, or if the list lacks it.
   *
   * @returns `undefined` if Cloudflare says that there is no such tunnel.
   */
  readAfter(tunnel: TunnelRef, options: CallOptions): Promise<IpsecTunnel | undefined>;
  /** Runs a change of a key. A list that was sent before its end is no longer recent, and fresh ones wait for it. */
  duringChange<T>(change: () => Promise<T>): Promise<T>;
}

export interface TunnelListsOptions extends GatheringOptions {
  readonly list: (accountId: string, options: CallOptions) => Promise<TunnelList>;
  readonly get: (tunnel: TunnelRef, options: CallOptions) => Promise<IpsecTunnel | undefined>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds after which a replica that lags behind has probably caught up. */
  readonly lagWaitMs: number;
}

const RECENT_MS = 10_000;

interface SentList {
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** How many changes had ended in this process when it was sent. */
  readonly changes: number;
  readonly isPending: boolean;
  readonly shown: Promise<TunnelList>;
}

/** One that waits for a fresh list, or for a fresh read of a tunnel. */
interface Waiter {
  readonly accountId: string;
  readonly options: CallOptions;
  readonly reject: (error: unknown) => void;
  readonly wants:
    | { readonly kind: "list"; readonly resolve: (shown: TunnelList) => void }
    | {
        readonly kind: "tunnel";
        readonly tunnel: TunnelRef;
        readonly resolve: (tunnel: IpsecTunnel | undefined) => void;
      };
}

export function createTunnelLists(options: TunnelListsOptions): TunnelLists {
  const { list, get, now, lagWaitMs, ...gatheringOptions } = options;
  const latest = new Map<string, SentList>();
  const arrived = new Map<string, Promise<TunnelList>>();
  const first = new Map<string, Promise<TunnelList>>();
  const second = new Map<string, Promise<TunnelList>>();
  const gathering = createGathering<Waiter>(gatheringOptions, (waiters) => {
    const accounts = new Set(waiters.map(({ accountId }) => accountId));
    accounts.forEach((account) => void serve(waiters.filter(({ accountId }) => accountId === account)));
  });
  let inFlight = 0;
  let changes = 0;

  function isYoung({ isPending, sentAt }: SentList): boolean {
    return isPending || now() - sentAt < RECENT_MS;
  }

  function isRecent(sent: SentList): boolean {
    return isYoung(sent) && sent.changes === changes && inFlight === 0;
  }

  function send(accountId: string, options: CallOptions): Promise<TunnelList> {
    const sent = { sentAt: now(), changes, isPending: true, shown: list(accountId, options) };
    const end = () => (sent.isPending = false);
    sent.shown.then(() => arrived.set(accountId, sent.shown)).then(end, end);
    latest.set(accountId, sent);
    return sent.shown;
  }

  async function serve(waiters: readonly Waiter[]): Promise<void> {
    const [only, ...others] = waiters;
    if (only === undefined) return;
    const options = shared(waiters.map((waiter) => waiter.options));
    try {
      if (others.length === 0 && only.wants.kind === "tunnel") {
        only.wants.resolve(await get(only.wants.tunnel, options));
        return;
      }
      const shown = await send(only.accountId, options);
      waiters.forEach((waiter) => {
        settle(waiter, shown);
      });
    } catch (error) {
      waiters.forEach(({ reject }) => {
        reject(error);
      });
    }
  }

  function settle({ wants, options, reject }: Waiter, shown: TunnelList): void {
    if (wants.kind === "list") {
      wants.resolve(shown);
      return;
    }
    const listed = findListed(shown.tunnels, wants.tunnel.ipsecTunnelId);
    if (listed !== undefined) wants.resolve(listed);
    // A list does not show that a tunnel is gone, and leaves out an entry that is broken.
    else get(wants.tunnel, options).then(wants.resolve, reject);
  }

  return {
    list(accountId, policy, options) {
      switch (policy) {
        case "fresh":
          return new Promise((resolve, reject) => {
            gathering.join({ accountId, options, reject, wants: { kind: "list", resolve } });
          });
        case "recent":
        case "recentNames": {
          const last = latest.get(accountId);
          const suits = policy === "recent" ? isRecent : isYoung;
          return last !== undefined && suits(last) ? last.shown : send(accountId, options);
        }
        case "once": {
          // Not one of the latest: the look for drift makes a single attempt, and a refresh must not share its failure.
          const shown = first.get(accountId) ?? arrived.get(accountId) ?? list(accountId, options);
          first.set(accountId, shown);
          return shown;
        }
        case "again": {
          const shown = second.get(accountId) ?? gatheringOptions.sleep(lagWaitMs).then(() => list(accountId, options));
          second.set(accountId, shown);
          return shown;
        }
      }
    },

    readAfter(tunnel, options) {
      return new Promise((resolve, reject) => {
        const wants = { kind: "tunnel", tunnel, resolve } as const;
        gathering.join({ accountId: tunnel.accountId, options, reject, wants });
      });
    },

    async duringChange(change) {
      inFlight += 1;
      try {
        return await gathering.duringChange(change);
      } finally {
        inFlight -= 1;
        changes += 1;
      }
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
