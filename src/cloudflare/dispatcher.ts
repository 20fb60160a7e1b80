import { lookup as lookUp, type LookupAddress, type LookupAllOptions } from "node:dns";
import { isIP } from "node:net";
import { types } from "node:util";
import { Agent, buildConnector, type Dispatcher, errors, Pool, ProxyAgent } from "undici";
import { isLoopback } from "./base-url";
import { proxyFor } from "./proxy";

// A connection that takes longer counts as failed, and the request as never sent.
const CONNECT_TIMEOUT_MS = 10_000;

export type LookUp = (
  host: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface DispatcherOptions {
  /** Milliseconds for one request; a connection gets no more than 10 s of it. Default: 10 s. */
  readonly requestTimeoutMs?: number;
  /** Finds the addresses of a host. Default: that of Node.js. */
  readonly lookUp?: LookUp;
}

/**
 * Creates the dispatcher for one base URL. It keeps connections alive, and uses the proxy that the environment names, but never
 * for a loopback host.
 *
 * @throws {IpsecTunnelPskError} `ERR_INVALID_SETTING` for a proxy that cannot be used.
 */
export function createDispatcher(baseUrl: URL, options: DispatcherOptions = {}): Dispatcher {
  const { requestTimeoutMs = CONNECT_TIMEOUT_MS, lookUp: find = lookUp } = options;
  const connect = fairConnector(Math.min(CONNECT_TIMEOUT_MS, requestTimeoutMs), find);
  const proxy = isLoopback(baseUrl) ? undefined : proxyFor(baseUrl, process.env);
  if (proxy === undefined) return new Agent({ connect });
  return new ProxyAgent({ ...proxy, clientFactory: (origin, pool) => connectToProxy(origin, { ...pool, connect }) });
}

/**
 * Tries the addresses of a host one after the other, each for an equal share of the time. Node.js would give each 250 ms: on a slow
 * link, that is too short for every one of them.
 */
function fairConnector(timeoutMs: number, find: LookUp): buildConnector.connector {
  return (options, done) => {
    if (isIP(options.hostname.replace(/^\[(.*)\]$/, "$1")) !== 0) {
      buildConnector({ timeout: timeoutMs })(options, done);
      return;
    }
    find(options.hostname, { all: true }, (error, addresses) => {
      if (error !== null) {
        done(error, null);
        return;
      }
      const share = Math.floor(timeoutMs / Math.max(1, addresses.length));
      const connector = buildConnector({
        timeout: timeoutMs,
        autoSelectFamilyAttemptTimeout: share,
        lookup: (_host, { all }, found) => {
          const [first] = addresses;
          if (all === true) found(null, addresses);
          else found(null, first?.address ?? "", first?.family);
        },
      });
      connector(options, done);
    });
  };
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
  return types.isNativeError(error)
    ? new Error(`the proxy cannot be reached: ${error.message}`, { cause: error })
    : error;
}
