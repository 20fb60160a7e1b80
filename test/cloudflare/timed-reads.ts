import type { CallOptions } from "../../src/cloudflare/client";
import type { IpsecTunnel, TunnelList } from "../../src/cloudflare/shown-tunnels";
import type { TunnelRef } from "../../src/tunnel";
import { createFakeClock } from "../support/fake-clock";

export const accountId = "a".repeat(32);
export const otherAccountId = "b".repeat(32);
export const silent: CallOptions = { announce: () => undefined };

export function tunnel(index: number, account = accountId): TunnelRef {
  return { accountId: account, ipsecTunnelId: index.toString(16).padStart(32, "0") };
}

/** How the reads behave. */
export interface TimedReadsOptions {
  /** Milliseconds from a request to its response. Default: 100. */
  readonly latencyMs?: number;
  /** What the next response fails with. Default: nothing. */
  readonly fail?: () => Error | undefined;
}

/**
 * Reads of an account in virtual time: every tunnel shows when its read was sent, in milliseconds since the start, instead of
 * the timestamp of its key. Lists have the tunnels 0 to 7; tunnel 99 does not exist.
 */
export function startTimedReads({ latencyMs = 100, fail = () => undefined }: TimedReadsOptions = {}) {
  const clock = createFakeClock();
  const startedAt = clock.now();
  const passed = () => clock.now() - startedAt;
  const calls: string[] = [];
  const given: CallOptions[] = [];

  async function respond<T>(call: string, options: CallOptions, resultOf: (sentAt: string) => T): Promise<T> {
    const sentAt = String(passed());
    calls.push(`${sentAt} ms: ${call}`);
    given.push(options);
    await clock.sleep(latencyMs);
    const failure = fail();
    if (failure !== undefined) throw failure;
    return resultOf(sentAt);
  }

  return {
    clock,
    /** Milliseconds since the start. */
    passed,
    /** What was read, with the time of the request. */
    calls,
    /** The options of each call. */
    given,
    list: (account: string, options: CallOptions): Promise<TunnelList> =>
      respond(`list ${account.slice(0, 1)}`, options, (sentAt) => ({
        tunnels: [0, 1, 2, 3, 4, 5, 6, 7].map((index) => ({
          id: tunnel(index).ipsecTunnelId,
          lastGeneratedOn: sentAt,
        })),
        named: [],
        unreadable: new Map(),
      })),
    get: ({ ipsecTunnelId }: TunnelRef, options: CallOptions): Promise<IpsecTunnel | undefined> =>
      respond(`get ${Number.parseInt(ipsecTunnelId, 16)}`, options, (sentAt) =>
        ipsecTunnelId === tunnel(99).ipsecTunnelId ? undefined : { id: ipsecTunnelId, lastGeneratedOn: sentAt },
      ),
    /** Lets time pass until all outcomes are settled. */
    finish: <T>(...outcomes: Promise<T>[]) => {
      const all = Promise.all(outcomes);
      all.catch(() => undefined);
      return clock.runUntil(all);
    },
  };
}
