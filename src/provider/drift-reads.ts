import type { CallOptions, CloudflareClient } from "../cloudflare/client";
import { findIpsecTunnel, findListed, type IpsecTunnel, listIpsecTunnels } from "../cloudflare/ipsec-tunnels";
import { IpsecTunnelPskError } from "../errors";
import type { DriftReads } from "../psk/drift";
import { toReading } from "./cloudflare-tunnels";
import { withTimeout } from "./sleep";

/** Milliseconds for one read, waits included. */
const TIMEOUT_MS = 5_000;

/** Reads of single tunnels in one process, for tunnels that the list shows without a key. */
export const MAX_SINGLE_READS = 5;

/**
 * Creates the reads by which a diff looks for drift: one list per account and process, whatever is generated meanwhile, and a
 * few single reads. One attempt each, without a wait for Cloudflare's limit. A read that fails ends looking in that account.
 *
 * @param client - Opens the client; a failure counts as that of a read.
 * @param announce - Takes one line for each account whose drift is not checked.
 * @param timeoutMs - Milliseconds for one read, waits included.
 */
export function createDriftReads(
  client: () => Promise<CloudflareClient>,
  announce: (line: string) => void,
  timeoutMs = TIMEOUT_MS,
): DriftReads {
  const lists = new Map<string, Promise<readonly IpsecTunnel[] | undefined>>();
  const failed = new Set<string>();
  let singleReads = 0;

  async function attempt<T>(
    account: string,
    read: (client: CloudflareClient, options: CallOptions) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      const opened = await client();
      const late = () => new Error(`it took longer than ${timeoutMs / 1_000} s`);
      return await withTimeout(timeoutMs, read(opened, { ...OPTIONS, timeoutMs }), late);
    } catch (error) {
      if (!failed.has(account)) announce(notChecked(account, error));
      failed.add(account);
      return undefined;
    }
  }

  return {
    async fromList({ accountId, ipsecTunnelId }) {
      const account = accountId.toLowerCase();
      if (failed.has(account)) return undefined;
      const list =
        lists.get(account) ?? attempt(account, (client, options) => listIpsecTunnels(client, account, options));
      lists.set(account, list);
      const tunnels = await list;
      return tunnels === undefined || failed.has(account) ? undefined : toReading(findListed(tunnels, ipsecTunnelId));
    },

    async single(tunnel) {
      const account = tunnel.accountId.toLowerCase();
      if (failed.has(account) || singleReads >= MAX_SINGLE_READS) return undefined;
      singleReads += 1;
      return attempt(account, async (client, options) => toReading(await findIpsecTunnel(client, tunnel, options)));
    },
  };
}

const OPTIONS: CallOptions = {
  maxAttempts: 1,
  announce: () => undefined,
  beforeLateSend: () => Promise.reject(new Error("Cloudflare's request limit is nearly reached")),
};

function notChecked(account: string, error: unknown): string {
  const why = error instanceof IpsecTunnelPskError ? error.details.summary : (error as Error).message;
  return `Drift was not checked in account ${account}: ${why}. Run \`pulumi refresh\` to check it.`;
}
