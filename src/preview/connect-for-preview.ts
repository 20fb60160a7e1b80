import { createRateLimiter } from "../cloudflare/rate-limiter";
import { connect, type Connection, environment, stackConfig } from "../connection/connection";
import { type Namespace, readSettings } from "../connection/settings";
import { sleep } from "../connection/sleep";

/**
 * Makes the client of a preview. It never waits for Cloudflare's request limit, because a preview must leave that to the `up`
 * after it. Sends nothing.
 *
 * @param get - Looks up a key of the configuration.
 * @param namespace - The namespace of the credentials in it. Default: the one that has some.
 * @returns `undefined` if no credentials are configured.
 * @throws {IpsecTunnelPskError} for credentials, a base URL or settings that are malformed.
 */
export function connectForPreview(
  get: (key: string) => string | undefined,
  namespace?: Namespace,
): Connection | undefined {
  const limiter = createRateLimiter({ now: Date.now, sleep, isImpatient: true });
  return connect([stackConfig(get, undefined, namespace), environment(process.env)], readSettings(get), limiter);
}
