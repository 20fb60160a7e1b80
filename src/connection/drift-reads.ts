import type { CallOptions } from "../cloudflare/client";
import { findIpsecTunnel, findListed, type TunnelList } from "../cloudflare/ipsec-tunnels";
import { IpsecTunnelPskError } from "../errors";
import type { DriftReads } from "../psk/drift";
import type { NameReads } from "../psk/resolution";
import type { TunnelRef } from "../tunnel";
import { toReading } from "./cloudflare-tunnels";
import type { Connection } from "./connection";
import { withTimeout } from "./sleep";

/** Milliseconds for one read, waits included. */
const TIMEOUT_MS = 5_000;

/** Reads of single tunnels in one process, for tunnels that the list shows without a key. */
export const MAX_SINGLE_READS = 5;

type Readers = Pick<Connection, "client" | "lists">;

/**
 * Creates the reads by which a diff looks for drift: one list per account and process, whatever is generated meanwhile, and a
 * few single reads. One attempt each, without a wait for Cloudflare's limit. A read that fails ends looking in that account.
 *
 * @param connect - Opens the connection; a failure counts as that of a read.
 * @param announce - Takes one line for each account whose drift is not checked, or not of every tunnel.
 * @param timeoutMs - Milliseconds for one read, waits included.
 */
export function createDriftReads(
  connect: () => Promise<Readers>,
  announce: (line: string) => void,
  timeoutMs = TIMEOUT_MS,
): DriftReads & NameReads {
  const failed = new Set<string>();
  const told = new Set<string>();
  let singleReads = 0;

  async function attempt<T>(
    account: string,
    read: (readers: Readers, options: CallOptions) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      const readers = await connect();
      const late = () => new Error(`it took longer than ${timeoutMs / 1_000} s`);
      return await withTimeout(timeoutMs, read(readers, { ...OPTIONS, timeoutMs }), late);
    } catch (error) {
      giveUp(account, whyOf(error));
      return undefined;
    }
  }

  function giveUp(account: string, why: string): void {
    if (!failed.has(account)) announce(`Drift was not checked in account ${account}: ${why}. ${ADVICE}`);
    failed.add(account);
  }

  // One tunnel stands for all: with a thousand of them, one line is read and a thousand are not.
  function skip({ accountId, ipsecTunnelId }: TunnelRef, why: string): void {
    const where = `IPsec tunnel ${ipsecTunnelId}, and perhaps for others in account ${accountId}`;
    if (!told.has(accountId)) announce(`Drift was not checked for ${where}: ${why}. ${ADVICE}`);
    told.add(accountId);
  }

  async function list(accountId: string, policy: "once" | "fresh"): Promise<TunnelList | undefined> {
    if (failed.has(accountId)) return undefined;
    return attempt(accountId, ({ lists }, options) => lists.list(accountId, policy, options));
  }

  return {
    atHand: async (accountId) => (await list(accountId, "once"))?.tunnels,
    fresh: async (accountId) => (await list(accountId, "fresh"))?.tunnels,

    async fromList(tunnel) {
      const { accountId, ipsecTunnelId } = tunnel;
      const shown = await list(accountId, "once");
      if (shown === undefined || failed.has(accountId)) return undefined;
      const { tunnels, unreadable, insteadOfList } = shown;
      const flaw = unreadable.get(ipsecTunnelId);
      if (insteadOfList === undefined && flaw === undefined) return toReading(findListed(tunnels, ipsecTunnelId));
      if (insteadOfList !== undefined) giveUp(accountId, `the list of its IPsec tunnels is ${insteadOfList}`);
      if (flaw !== undefined) skip(tunnel, flaw);
      return undefined;
    },

    async single(tunnel) {
      const { accountId } = tunnel;
      if (failed.has(accountId) || singleReads >= MAX_SINGLE_READS) return undefined;
      singleReads += 1;
      return attempt(accountId, async ({ client }, options) =>
        toReading(await findIpsecTunnel(client, tunnel, options)),
      );
    },
  };
}

const OPTIONS: CallOptions = {
  maxAttempts: 1,
  announce: () => undefined,
  beforeLateSend: () => Promise.reject(new Error("Cloudflare's request limit is nearly reached")),
};

const ADVICE = "Run `pulumi refresh` to check it.";

function whyOf(error: unknown): string {
  return error instanceof IpsecTunnelPskError ? error.details.summary : (error as Error).message;
}
