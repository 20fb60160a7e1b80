import { availableParallelism } from "node:os";
import type { CloudflareClient } from "../cloudflare/client";
import { findIpsecTunnel, generatePsk, type IpsecTunnel, listIpsecTunnels, setPsk } from "../cloudflare/ipsec-tunnels";
import { createListCache } from "../cloudflare/list-cache";
import { createRateLimiter } from "../cloudflare/rate-limiter";
import { createReadBatch } from "../cloudflare/read-batch";
import { given } from "../given";
import type { Clock } from "../psk/deadline";
import type { TunnelApi, TunnelReading } from "../psk/tunnel-api";
import { connect, environment, noCredentials, stackConfig } from "./connection";
import type { Namespace, Settings } from "./settings";
import { sleep as uncancelledSleep } from "./sleep";

// Pulumi starts operations one by one, every 40 to 100 ms on a machine of 2 cores: a read that waits less is not shared.
const QUIET_MS = 150;

// The engine's default (`--parallel`): https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/
const PARALLEL = 4 * availableParallelism();

/** What differs between the kinds of provider when they open the tunnels. */
export interface OpenOptions {
  /** The namespace of the credentials in the stack's configuration. Default: `cloudflare`. */
  readonly namespace?: Namespace;
  /** Waits; rejects if the process is asked to stop. Default: a wait that is never cancelled. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** The tunnels, and the client that reads them. */
export interface OpenTunnels {
  readonly client: CloudflareClient;
  readonly tunnels: TunnelApi;
}

/**
 * Opens the tunnels of the account that a configuration and the environment give access to. Sends nothing.
 *
 * @param get - Looks up a key of the stack's configuration.
 * @throws {IpsecTunnelPskError} for credentials or a base URL that are missing or malformed.
 */
export function openTunnels(
  get: (key: string) => string | undefined,
  settings: Settings,
  { namespace, sleep = uncancelledSleep }: OpenOptions = {},
): OpenTunnels {
  // Refreshes and destroys get the configuration of the last `up`, which surprises a user who has just changed a token.
  const note =
    " (a refresh, a destroy and an up that refreshes first use the value that the last up stored; `pulumi up --refresh --run-program` uses the new one)";
  const clock: Clock = { now: Date.now, sleep };
  const limiter = createRateLimiter(clock);
  const sources = [stackConfig(get, note, namespace), environment(process.env)];
  const connection = connect(sources, settings, limiter, sleep);
  if (connection === undefined) throw noCredentials(namespace);
  const { client } = connection;
  return { client, tunnels: tunnelsThrough(client, clock, { ...settings, parallel: PARALLEL }) };
}

/** Returns the tunnels that one client can reach. Operations that run at the same time share reads. */
export function tunnelsThrough(
  client: CloudflareClient,
  clock: Clock,
  { batchWaitMs, parallel }: Pick<Settings, "batchWaitMs"> & { readonly parallel: number },
): TunnelApi {
  const list: Parameters<typeof createListCache>[0]["list"] = (accountId, options) =>
    listIpsecTunnels(client, accountId, options);
  const get: Parameters<typeof createReadBatch>[0]["get"] = (tunnel, options) =>
    findIpsecTunnel(client, tunnel, options);
  const lists = createListCache({ list, now: () => clock.now() });
  const batch = createReadBatch({
    list,
    get,
    sleep: (ms) => clock.sleep(ms),
    batchWaitMs,
    quietMs: QUIET_MS,
    parallel,
  });
  // Setting a key is as good as a generation for all reads.
  const changing = <T>(change: () => Promise<T>) => lists.duringGeneration(() => batch.duringGeneration(change));
  return {
    generate: (tunnel, operation) => changing(() => generatePsk(client, tunnel, operation)),
    set: (tunnel, psk, operation) => changing(() => setPsk(client, tunnel, psk, operation)),
    readAfter: async (tunnel, operation) => toReading(await batch.readAfter(tunnel, operation)),
    readFromList: async (tunnel, operation) => toReading(await lists.find(tunnel, operation)),
    read: async (tunnel, operation) => toReading(await get(tunnel, operation)),
  };
}

export function toReading(tunnel: IpsecTunnel | undefined): TunnelReading {
  if (tunnel === undefined) return { kind: "gone" };
  return { kind: "tunnel", ...given({ lastGeneratedOn: tunnel.lastGeneratedOn }) };
}
