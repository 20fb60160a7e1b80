/** The simulated Cloudflare in a separate process, so that it does not share an event loop with the program. */
import { startSimulator } from "../../src/simulator";
import { reportResult } from "./child";

export interface SimulatorInput {
  readonly tunnels: number;
}

export interface SimulatorResult {
  readonly url: string;
  readonly apiToken: string;
  readonly accountId: string;
  readonly tunnelIds: readonly string[];
}

/** The operation of each request: "list", "validate", "generate", "get". */
export type Operations = readonly string[];

reportResult(async ({ tunnels }: SimulatorInput): Promise<SimulatorResult> => {
  // Keys have the length shown in Cloudflare's documentation. The request limit has its own measure, so it is out of reach here.
  const simulator = await startSimulator({
    assumptions: { generatedKey: "alphanumeric-32" },
    limit: { requests: 1_000_000, windowMs: 300_000, blockMs: 300_000 },
  });
  const tunnelIds = Array.from({ length: tunnels }, () => simulator.addTunnel());

  process.on("message", () => {
    process.send?.({ result: simulator.requests().map(({ operation }) => operation) });
    simulator.clearRequests();
  });
  process.once("disconnect", () => void simulator.close());
  const { url, apiToken, accountId } = simulator;
  return { url, apiToken, accountId, tunnelIds };
});
