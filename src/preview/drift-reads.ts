import type { CallOptions } from "../cloudflare/client";
import { findIpsecTunnel } from "../cloudflare/ipsec-tunnels";
import { findListed } from "../cloudflare/shown-tunnels";
import { toReading } from "../connection/cloudflare-tunnels";
import type { Connection } from "../connection/connection";
import { MAX_SINGLE_READS } from "../connection/drift-reads";
import { readingIn } from "../connection/keyless";
import type { DriftReads } from "../psk/drift";
import type { Validation } from "./validation";

/**
 * Creates the reads by which a preview looks for drift, as the provider has done in another process: the hook gets the stored
 * outputs. The list is the one that the validation reads anyway, and reports if it fails.
 */
export function createPreviewReads(
  validation: Pick<Validation, "list">,
): (connection: Connection, options: CallOptions) => DriftReads {
  let singleReads = 0;
  const readable = <T>(read: Promise<T>): Promise<T | undefined> => read.catch(() => undefined);

  return (connection, options) => ({
    async fromList({ accountId, ipsecTunnelId }) {
      const tunnels = await readable(validation.list(connection, accountId, options));
      return tunnels && toReading(findListed(tunnels, ipsecTunnelId));
    },

    async fromSecondList({ accountId, ipsecTunnelId }) {
      const shown = await readable(connection.lists.list(accountId, "again", options));
      return shown && readingIn(shown, ipsecTunnelId);
    },

    async single(tunnel) {
      if (singleReads++ >= MAX_SINGLE_READS) return undefined;
      return readable(findIpsecTunnel(connection.client, tunnel, options).then(toReading));
    },
  });
}
