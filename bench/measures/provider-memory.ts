import { readdirSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { PROVIDER_TEXT } from "../../src/dynamic/provider-text";
import { startDynamicProviderHost } from "../../test/support/dynamic-provider-host";
import { fileOf, type Peer, type PeerModule, type TunnelArgs } from "../peers";
import { nextResult, startChild } from "../processes/child";
import type { SimulatorResult } from "../processes/simulator";
import type { Scale } from "../scale";
import { type Recorder, turns } from "./recorder";

const COMPARED: readonly Peer[] = ["ours", "closure"];
/** The engine's default on a machine with 2 cores. */
export const PARALLEL = 8;
const PROC = "/proc";

/**
 * Measures the memory of Pulumi's own provider process after a number of keys. It is called as the engine calls it but without
 * the engine, which would take minutes per round. Only Linux reports the current and the peak memory of a process.
 */
export async function measureProviderMemory({ record }: Recorder, { keys, rounds }: Scale["memory"]): Promise<void> {
  if (process.platform !== "linux") return;
  for (const who of turns(COMPARED, rounds)) {
    const simulator = startChild("simulator.ts", { tunnels: keys });
    try {
      const { peak, rest } = await memoryOf(who, await nextResult<SimulatorResult>(simulator));
      record({ measure: "providerPeakMegabytes", who, keys, value: peak });
      record({ measure: "providerRestMegabytes", who, keys, value: rest });
    } finally {
      simulator.disconnect();
    }
  }
}

async function memoryOf(who: Peer, simulator: SimulatorResult): Promise<{ peak: number; rest: number }> {
  const host = await startDynamicProviderHost({
    env: { CLOUDFLARE_BASE_URL: simulator.url, CLOUDFLARE_API_TOKEN: simulator.apiToken },
  });
  try {
    const { accountId, tunnelIds } = simulator;
    const provider = { __provider: await textOf(who) };
    const open = tunnelIds.values();
    await Promise.all(
      Array.from({ length: PARALLEL }, async () => {
        for (const ipsecTunnelId of open) {
          const args: TunnelArgs | object = who === "ours" ? { accountId, ipsecTunnelId } : {};
          const { inputs } = await host.check({ ...provider, ...args });
          await host.create(inputs);
        }
      }),
    );
    return memoryIn(readFileSync(`${PROC}/${pidOfHost()}/status`, "utf8"));
  } finally {
    await host.close();
  }
}

async function textOf(who: Peer): Promise<string> {
  if (who === "ours") return PROVIDER_TEXT;
  const { provider } = (await import(fileOf(who))) as PeerModule;
  return (await pulumi.runtime.serializeFunction(() => provider)).text;
}

function pidOfHost(): string {
  const own = readdirSync(PROC).filter((pid) => /^\d+$/.test(pid) && isOurHost(pid));
  const [pid, ...others] = own;
  if (pid === undefined || others.length > 0)
    throw new Error(`Cannot measure the provider process: there are ${own.length}`);
  return pid;
}

function isOurHost(pid: string): boolean {
  try {
    const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`${PROC}/${pid}/status`, "utf8"))?.[1];
    return (
      parent === String(process.pid) && readFileSync(`${PROC}/${pid}/cmdline`, "utf8").includes("dynamic-provider")
    );
  } catch {
    // The process has exited meanwhile.
    return false;
  }
}

/** Reads megabytes from Linux's description of a process. */
export function memoryIn(status: string): { readonly peak: number; readonly rest: number } {
  return { peak: megabytes(status, "VmHWM"), rest: megabytes(status, "VmRSS") };
}

function megabytes(status: string, name: "VmHWM" | "VmRSS"): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  return (Number(kibibytes) * 1024) / 1e6;
}
