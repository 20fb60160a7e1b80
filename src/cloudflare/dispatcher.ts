import { Agent, type Dispatcher, EnvHttpProxyAgent, errors, Pool } from "undici";
import { isLoopback } from "./base-url";

/**
 * The connections to one base URL: kept alive, and through `HTTPS_PROXY` unless `NO_PROXY` names the host.
 * A loopback host is never reached through a proxy.
 */
export function createDispatcher(baseUrl: URL): Dispatcher {
  return isLoopback(baseUrl) ? new Agent() : new EnvHttpProxyAgent({ clientFactory: connectToProxy });
}

/** undici asks a proxy that hangs up again and again, without end; as another error it reports the failure. */
function connectToProxy(origin: URL, options: object): Dispatcher {
  const pool = new Pool(origin, options);
  const ask: (request: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData> = pool.connect.bind(pool);
  return Object.assign(pool, {
    async connect(request: Dispatcher.ConnectOptions) {
      try {
        return await ask(request);
      } catch (error) {
        throw error instanceof errors.SocketError ? new Error(`the proxy hung up: ${error.message}`) : error;
      }
    },
  });
}
