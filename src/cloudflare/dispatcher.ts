import { Agent, EnvHttpProxyAgent, type Dispatcher } from "undici";
import { isLoopback } from "./base-url";

/**
 * The connections to one base URL: kept alive, and through `HTTPS_PROXY` unless `NO_PROXY` names the host.
 * A loopback host is never reached through a proxy.
 */
export function createDispatcher(baseUrl: URL): Dispatcher {
  return isLoopback(baseUrl) ? new Agent() : new EnvHttpProxyAgent();
}
