import { availableParallelism } from "node:os";
import type { CloudflareClient } from "../../cloudflare/client";
import { findIpsecTunnel, generatePsk, type IpsecTunnel, listIpsecTunnels } from "../../cloudflare/ipsec-tunnels";
import { createRateLimiter } from "../../cloudflare/rate-limiter";
import { createTunnelReader } from "../../cloudflare/tunnel-reader";
import type { Clock } from "../../psk/deadline";
import type { Edge, Sight } from "../../psk/edge";
import { connect, environment, stackConfig } from "../connection";
import { noCredentials } from "../no-credentials";
import type { ProcessSettings } from "../settings";
import { sleep } from "../sleep";

// Pulumi starts operations one by one, every 40 to 100 ms on a machine of 2 cores: whoever waits less reads alone.
const QUIET_MS = 150;

// The engine's default (`--parallel`): https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/
const AT_ONCE = 4 * availableParallelism();

/**
 * The edge as a configuration and the environment reach it. Sends nothing.
 *
 * @param get - Looks a key of the stack's configuration up.
 * @throws {IpsecTunnelPskError} for credentials or a base URL that are missing or malformed.
 */
export function openEdge(get: (key: string) => string | undefined, settings: ProcessSettings): Edge {
  // Refreshes and destroys get the configuration of the last `up`, which puzzles whoever has just changed a token.
  const note =
    " (in a refresh, a destroy and an up that refreshes first: as the last up stored it; `pulumi up --refresh --run-program` takes the new one)";
  const clock: Clock = { now: Date.now, sleep };
  const limiter = createRateLimiter(clock);
  const connection = connect([stackConfig(get, note), environment(process.env)], settings, limiter);
  if (connection === undefined) throw noCredentials();
  return edgeThrough(connection.client, clock, { ...settings, atOnce: AT_ONCE });
}

/** The edge as one client reaches it, with reads that are shared by the operations that go on at once. */
export function edgeThrough(
  client: CloudflareClient,
  clock: Clock,
  { batchWaitMs, atOnce }: Pick<ProcessSettings, "batchWaitMs"> & { readonly atOnce: number },
): Edge {
  const reader = createTunnelReader({
    list: (accountId, options) => listIpsecTunnels(client, accountId, options),
    get: (tunnel, options) => findIpsecTunnel(client, tunnel, options),
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms),
    batchWaitMs,
    quietMs: QUIET_MS,
    atOnce,
  });
  return {
    generate: (tunnel, operation) => reader.generating(() => generatePsk(client, tunnel, operation)),
    readAfter: async (tunnel, operation) => toSight(await reader.readAfter(tunnel, operation)),
    listed: async (tunnel, operation) => toSight(await reader.listed(tunnel, operation)),
    read: async (tunnel, operation) => toSight(await findIpsecTunnel(client, tunnel, operation)),
  };
}

function toSight(tunnel: IpsecTunnel | undefined): Sight {
  if (tunnel === undefined) return { kind: "gone" };
  const { lastGeneratedOn } = tunnel;
  return { kind: "tunnel", ...(lastGeneratedOn !== undefined && { lastGeneratedOn }) };
}
