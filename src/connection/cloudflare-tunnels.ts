import { findIpsecTunnel, generatePsk, setPsk } from "../cloudflare/ipsec-tunnels";
import { findListed, type IpsecTunnel } from "../cloudflare/shown-tunnels";
import { createRateLimiter } from "../cloudflare/rate-limiter";
import { given } from "../given";
import type { TunnelApi, TunnelReading } from "../psk/tunnel-api";
import { connect, type Connection, environment, noCredentials, stackConfig } from "./connection";
import type { Namespace, Settings } from "./settings";
import { sleep as uncancelledSleep } from "./sleep";

/** What differs between the kinds of provider when they open the tunnels. */
export interface OpenOptions {
  /** The namespace of the credentials in the stack's configuration. Default: the one with credentials. */
  readonly namespace?: Namespace;
  /** Waits; rejects if the process is asked to stop. Default: a wait that is never cancelled. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** The tunnels, and the connection on which they are. */
export interface OpenTunnels {
  readonly connection: Connection;
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
    "A refresh, a destroy and an `up` that refreshes first use the stack configuration of the last `up`: after a change, run `pulumi up --refresh --run-program`.";
  const limiter = createRateLimiter({ now: Date.now, sleep });
  const sources = [stackConfig(get, note, namespace), environment(process.env)];
  const connection = connect(sources, settings, limiter, sleep);
  if (connection === undefined) throw noCredentials(namespace);
  return { connection, tunnels: tunnelsThrough(connection) };
}

/** Returns the tunnels that a connection reaches. Operations that run at the same time share reads. */
export function tunnelsThrough({ client, lists }: Pick<Connection, "client" | "lists">): TunnelApi {
  return {
    // Setting a key is as good as a generation for all reads.
    generate: (tunnel, operation) => lists.duringChange(() => generatePsk(client, tunnel, operation)),
    set: (tunnel, psk, operation) => lists.duringChange(() => setPsk(client, tunnel, psk, operation)),
    readAfter: async (tunnel, operation) => toReading(await lists.readAfter(tunnel, operation)),
    readFromList: async (tunnel, operation) => {
      const { tunnels } = await lists.list(tunnel.accountId, "recent", operation);
      return toReading(findListed(tunnels, tunnel.ipsecTunnelId));
    },
    list: async (accountId, age, operation) =>
      (await lists.list(accountId, age === "fresh" ? "fresh" : "recentNames", operation)).named,
    read: async (tunnel, operation) => toReading(await findIpsecTunnel(client, tunnel, operation)),
  };
}

export function toReading(tunnel: IpsecTunnel | undefined): TunnelReading {
  if (tunnel === undefined) return { kind: "gone" };
  return { kind: "tunnel", ...given({ lastGeneratedOn: tunnel.lastGeneratedOn }) };
}
