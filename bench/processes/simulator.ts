/** The simulated Cloudflare, in a process of its own: it must not share an event loop with the program. */
import { startSimulator } from "../../src/simulator";
import { answer } from "./child";

export interface SimulatorInput {
  readonly tunnels: number;
  readonly latencyMs?: number;
}

export interface SimulatorResult {
  readonly url: string;
  readonly apiToken: string;
  readonly accountId: string;
  readonly tunnelIds: readonly string[];
}

/** What was asked for, request by request: "list", "validate", "generate", "get". */
export type Operations = readonly string[];

answer(async ({ tunnels, latencyMs = 0 }: SimulatorInput): Promise<SimulatorResult> => {
  // Keys of the length that the documentation shows. The limit is measured apart: here nobody waits for it.
  const simulator = await startSimulator({
    latencyMs,
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
