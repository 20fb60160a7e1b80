import { availableParallelism } from "node:os";
import type { CloudflareClient } from "../cloudflare/client";
import { findIpsecTunnel, readTunnelList } from "../cloudflare/ipsec-tunnels";
import { createTunnelLists, type TunnelLists } from "../cloudflare/tunnel-lists";
import type { Clock } from "../psk/deadline";
import type { Settings } from "./settings";

// Pulumi starts operations one by one, every 40 to 100 ms on a machine of 2 cores: a read that waits less is not shared.
const QUIET_MS = 150;

// The engine's default (`--parallel`): https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/
const PARALLEL = 4 * availableParallelism();

/** Returns the lists that one client can read. @param parallel - How many operations run at a time. Default: as many as the engine starts. */
export function listsThrough(
  client: CloudflareClient,
  clock: Clock,
  settings: Pick<Settings, "batchWaitMs" | "lagWaitMs"> & { readonly parallel?: number },
): TunnelLists {
  const { batchWaitMs, lagWaitMs, parallel = PARALLEL } = settings;
  return createTunnelLists({
    list: (accountId, options) => readTunnelList(client, accountId, options),
    get: (tunnel, options) => findIpsecTunnel(client, tunnel, options),
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms),
    batchWaitMs,
    lagWaitMs,
    quietMs: QUIET_MS,
    parallel,
  });
}
