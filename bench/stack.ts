import type { ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePulumiCli } from "../tools/pulumi-cli";
import type { Peer } from "./peers";
import { nextResult, runChild, startChild } from "./processes/child";
import type { Operations, SimulatorResult } from "./processes/simulator";
import type { Action, StackCommandInput } from "./processes/stack-command";

/** A stack of one peer on the real engine, with its own simulated Cloudflare. */
export interface BenchStack {
  /** Runs one command. Returns the run time of the `pulumi` process in seconds. */
  run(action: Action): Promise<number>;
  /** Returns the requests that the simulator has received since the previous call. */
  requests(): Promise<Operations>;
  /** Reads the stack's checkpoint from disk. */
  checkpoint(): Promise<string>;
  remove(): Promise<void>;
}

export async function createBenchStack(peer: Peer, keys: number, detectDrift: boolean): Promise<BenchStack> {
  const cli = await ensurePulumiCli();
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-bench-"));
  const simulator = startChild("simulator.ts", { tunnels: keys });
  const { url, apiToken, accountId, tunnelIds } = await nextResult<SimulatorResult>(simulator);
  const env = { CLOUDFLARE_BASE_URL: url, CLOUDFLARE_API_TOKEN: apiToken };

  return {
    run: async (action) => {
      const input: StackCommandInput = { cli, folder, action, peer, accountId, tunnelIds, detectDrift };
      return (await runChild<number>("stack-command.ts", input, env)) / 1_000;
    },
    requests: () => takeRequests(simulator),
    checkpoint: () => readFile(join(folder, ".pulumi/stacks/demo/dev.json"), "utf8"),
    remove: async () => {
      simulator.disconnect();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function takeRequests(simulator: ChildProcess): Promise<Operations> {
  const requests = nextResult<Operations>(simulator);
  simulator.send("requests");
  return requests;
}
