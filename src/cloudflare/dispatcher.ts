import { Agent, type Dispatcher, EnvHttpProxyAgent, errors, Pool } from "undici";
import { IpsecTunnelPskError } from "../errors";
import { isLoopback } from "./base-url";

/**
 * The connections to one base URL: kept alive, and through `HTTPS_PROXY` unless `NO_PROXY` names the host.
 * A loopback host is never reached through a proxy.
 *
 * @throws {IpsecTunnelPskError} `ERR_INVALID_SETTING` for proxy settings that are no URLs.
 */
export function createDispatcher(baseUrl: URL): Dispatcher {
  if (isLoopback(baseUrl)) return new Agent();
  try {
    return new EnvHttpProxyAgent({ clientFactory: connectToProxy });
  } catch {
    // The reason would quote the value, which may have a password in it.
    throw new IpsecTunnelPskError("ERR_INVALID_SETTING", {
      what: "Cannot use the proxy settings in HTTPS_PROXY or HTTP_PROXY as they are not URLs",
      remedy: "Give them as http://host:port, or remove them. Nothing was sent.",
    });
  }
}

/**
 * Says of a failure that it is the proxy's. undici asks a proxy that hangs up again and again, without end; as another
 * error it reports that, too.
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
