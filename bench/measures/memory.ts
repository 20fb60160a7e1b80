import { readdirSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { PROVIDER_TEXT } from "../../src/dynamic/provider-text";
import { startDynamicProviderHost } from "../../test/support/dynamic-provider-host";
import { startNativePlugin } from "../../test/support/native-plugin";
import { fileOf, type Peer, type PeerModule } from "../peers";
import { nextResult, startChild } from "../processes/child";
import type { SimulatorResult } from "../processes/simulator";
import { type Recorder, turns } from "../samples";

/** The engine's default on a machine with 2 cores. */
const PARALLEL = 8;
const TYPE = "cloudflare-ipsec-psk:index:IpsecTunnelPsk";

interface Tunnel {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
}

/** A provider's process, called as the engine calls it. */
interface Provider {
  readonly pid: string;
  create(tunnel: Tunnel): Promise<unknown>;
  close(): Promise<unknown>;
}

/** The memory of a process, in megabytes of 10^6 bytes. */
export interface Memory {
  readonly rest: number;
  readonly peak: number;
}

/** Environment variables of a provider's process. */
type Env = Readonly<Record<string, string>>;

/**
 * Measures the memory of a provider's process after a number of keys, without the engine, which would take minutes for each round.
 * Only Linux reports the current and the peak memory of a process.
 */
export async function measureMemory(record: Recorder, keys: number, rounds: number): Promise<void> {
  if (process.platform !== "linux") return;
  for (const who of turns<Peer>(["native", "dynamic", "floor"], rounds)) {
    const { rest, peak } = await memoryAfter(keys, (env) =>
      who === "native" ? startNative(env) : startHost(who, env),
    );
    record("restMegabytes", who, rest);
    record("peakMegabytes", who, peak);
  }
}

/** Measures the memory of a native plugin's process after a number of keys. */
export function nativeMemoryAfter(keys: number, file: string): Promise<Memory> {
  return memoryAfter(keys, (env) => startNative(env, file));
}

async function memoryAfter(keys: number, start: (env: Env) => Promise<Provider>): Promise<Memory> {
  const simulator = startChild("simulator.ts", { tunnels: keys });
  const { url, apiToken, accountId, tunnelIds } = await nextResult<SimulatorResult>(simulator);
  const provider = await start({ CLOUDFLARE_BASE_URL: url, CLOUDFLARE_API_TOKEN: apiToken });
  try {
    const open = tunnelIds.values();
    const worker = async () => {
      for (const ipsecTunnelId of open) await provider.create({ accountId, ipsecTunnelId });
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    const status = readFileSync(`/proc/${provider.pid}/status`, "utf8");
    return { rest: megabytesIn(status, "VmRSS"), peak: megabytesIn(status, "VmHWM") };
  } finally {
    await provider.close();
    simulator.disconnect();
  }
}

async function startNative(env: Env, file?: string): Promise<Provider> {
  const plugin = await startNativePlugin({ env, ...(file !== undefined && { file }) });
  await plugin.configure({});
  return {
    pid: String(plugin.process.pid),
    close: () => plugin.close(),
    async create(tunnel) {
      const urn = `urn:pulumi:dev::demo::${TYPE}::${tunnel.ipsecTunnelId}`;
      await plugin.check(urn, { ...tunnel });
      await plugin.create(urn, { ...tunnel });
    },
  };
}

async function startHost(who: Exclude<Peer, "native">, env: Env): Promise<Provider> {
  const host = await startDynamicProviderHost({ env });
  const __provider = await textOf(who);
  return {
    pid: pidOfHost(),
    close: () => host.close(),
    async create(tunnel) {
      const { inputs } = await host.check({ __provider, ...(who === "floor" ? {} : tunnel) });
      await host.create(inputs);
    },
  };
}

async function textOf(who: Peer): Promise<string> {
  if (who === "dynamic") return PROVIDER_TEXT;
  const { provider } = (await import(fileOf(who))) as PeerModule;
  return (await pulumi.runtime.serializeFunction(() => provider)).text;
}

function pidOfHost(): string {
  const [pid, ...others] = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isOurHost(name));
  if (pid === undefined || others.length > 0)
    throw new Error("Cannot measure the provider process: it is not the only one");
  return pid;
}

function isOurHost(pid: string): boolean {
  try {
    const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("dynamic-provider");
  } catch {
    // The process has exited meanwhile.
    return false;
  }
}

function megabytesIn(status: string, name: "VmHWM" | "VmRSS"): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  return (Number(kibibytes) * 1024) / 1e6;
}
