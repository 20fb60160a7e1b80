import { Agent, type Dispatcher, errors, Pool, ProxyAgent } from "undici";
import { isLoopback } from "./base-url";
import { proxyFor } from "./proxy";

// A connection that takes longer counts as failed, and the request as never sent.
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Creates the dispatcher for one base URL. It keeps connections alive, and uses the proxy that the environment names, but never
 * for a loopback host.
 *
 * @throws {IpsecTunnelPskError} `ERR_INVALID_SETTING` for a proxy that cannot be used.
 */
export function createDispatcher(baseUrl: URL): Dispatcher {
  const proxy = isLoopback(baseUrl) ? undefined : proxyFor(baseUrl, process.env);
  return proxy === undefined
    ? new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } })
    : new ProxyAgent({ ...proxy, clientFactory: connectToProxy });
}

/**
 * Connects to a proxy, and names it as the cause of a failure. If a proxy hangs up, undici would reconnect to it forever; it
 * passes other errors on.
 */
function connectToProxy(origin: URL, options: object): Dispatcher {
  const pool = new Pool(origin, options);
  const ask: (request: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData> = pool.connect.bind(pool);
  return Object.assign(pool, {
    async connect(request: Dispatcher.ConnectOptions) {
      const data = await ask(request).catch((error: unknown) => {
        throw proxyFailure(error);
      });
      if (data.statusCode === 200) return data;
      data.socket.on("error", () => undefined).destroy();
      throw new Error(`the proxy refuses the connection: HTTP ${data.statusCode}`);
    },
  });
}

function proxyFailure(error: unknown): unknown {
  if (error instanceof errors.SocketError) return new Error(`the proxy hung up: ${error.message}`);
  return error instanceof Error ? new Error(`the proxy cannot be reached: ${error.message}`, { cause: error }) : error;
}
