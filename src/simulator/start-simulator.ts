import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiRequest, EdgeInspection } from "./api";
import { createCloudflareApi } from "./api";
import { checkSimulatorOptions } from "./check-options";
import { exchange } from "./apply-fault";
import { createFaultQueue } from "./fault-queue";
import type { Fault, FaultScope } from "./faults";
import type { SimulatorOptions } from "./options";
import type { SeenRequest } from "./request-log";
import { createRequestLog } from "./request-log";
import { findRoute } from "./route";
import { checkedSources } from "./sources";
import type { Visit } from "./serve";
import { serve } from "./serve";

/** A simulated Cloudflare that listens on loopback. */
export interface Simulator extends EdgeInspection {
  /** The base URL for clients: "http://127.0.0.1:<port>/client/v4". */
  readonly url: string;
  /** Every request that has arrived since the start or {@link Simulator.clearRequests}, in that order. */
  requests(): readonly SeenRequest[];
  /** Forgets the requests so far, and leaves their effects. */
  clearRequests(): void;
  /**
   * Adds a fault, by default for one request of any kind. Returns a function that removes the fault.
   *
   * @throws {RangeError} With a line for every mistake in the fault and its scope.
   */
  fault(fault: Fault, where?: FaultScope): () => void;
  /** Closes the port and every connection, and drops calls that have not taken effect yet. */
  close(): Promise<void>;
}

/**
 * Starts a simulated Cloudflare: the IPsec tunnel endpoints of Magic WAN and Magic Transit on 127.0.0.1.
 *
 * It is as strict as the real API about credentials, permissions and request budgets, and keeps its state in memory. Delays
 * and `latencyMs` are real time; everything else uses `options.now`.
 *
 * @example
 * ```ts
 * import Cloudflare from "cloudflare";
 * import { startSimulator } from "pulumi-cloudflare-ipsec-psk/simulator";
 *
 * async function generateOnce() {
 *   const simulator = await startSimulator();
 *   const tunnelId = simulator.addTunnel({ name: "branch-1" });
 *   const client = new Cloudflare({ apiToken: simulator.apiToken, baseURL: simulator.url });
 *   await client.magicTransit.ipsecTunnels.pskGenerate(tunnelId, { account_id: simulator.accountId });
 *   await simulator.close();
 * }
 * ```
 * @throws {RangeError} With a line for every mistake in the options.
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  checkSimulatorOptions(options);
  const { port = 0, latencyMs = 0, ...apiOptions } = options;
  const { now, random } = checkedSources({ now: options.now ?? Date.now, random: options.random ?? randomBytes });
  const { handle, ...inspection } = createCloudflareApi(apiOptions);
  const log = createRequestLog(now);
  const queue = createFaultQueue();
  const closing = new AbortController();

  async function visit(request: ApiRequest): Promise<Visit> {
    const route = findRoute(request.method, request.path, request.body);
    const seen = log.open(request.method, route);
    const fault = queue.take(route);
    const delay = fault?.kind === "delay" ? fault : { ms: 0, before: "response" };

    if (delay.before === "effect") await pause(delay.ms);
    const exchanged = exchange(handle, request, fault, random);
    const { response } = exchanged;
    seen.tookEffect = response.tookEffect;
    await pause(latencyMs + (delay.before === "response" ? delay.ms : 0));
    return { ...exchanged, onSent: () => (seen.status = response.status) };
  }

  async function pause(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: closing.signal });
  }

  const listener = await serve(port, visit);
  return {
    ...inspection,
    url: `http://127.0.0.1:${listener.port}/client/v4`,
    requests: log.requests,
    clearRequests: log.clear,
    fault: queue.add,
    close: async () => {
      closing.abort();
      await listener.close();
    },
  };
}
