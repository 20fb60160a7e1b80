import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startNativePlugin } from "../../test/support/native-plugin";
import type { Peer } from "../peers";
import { nextResult, startChild } from "../processes/child";
import type { SimulatorResult } from "../processes/simulator";
import type { Scale } from "../scale";
import { createBenchStack } from "../stack";
import { measureCheckpoint } from "./checkpoint";
import { measureCommandsOf } from "./commands";
import { memoryIn, PARALLEL } from "./provider-memory";
import { type Recorder, turns } from "./recorder";

/** So few that the time a provider takes to start dominates. */
const FEW_KEYS = 5;
const TYPE = "cloudflare-ipsec-psk:index:IpsecTunnelPsk";
const PLUGIN = join(__dirname, "../../plugin/pulumi-resource-cloudflare-ipsec-psk");

/** Measures the native provider beside the peers that its goals compare it with. */
export async function measureNative(recorder: Recorder, { native, memory, starts }: Scale): Promise<void> {
  const { record } = recorder;
  await measureCheckpoint(recorder, ["native"]);
  for (const who of turns<Peer>(["native", "closure", "sdk", "ours"], native.rounds)) {
    await measureCommandsOf(recorder, who, native.keys, who === "native" || who === "closure");
  }
  for (const who of turns<Peer>(["native", "ours"], native.rounds)) {
    const stack = await createBenchStack(who, FEW_KEYS);
    try {
      record({ measure: "upSeconds", who, keys: FEW_KEYS, value: await stack.run("up") });
    } finally {
      await stack.remove();
    }
  }
  for (let start = 0; start < starts; start++) {
    record({ measure: "spawnToPortMs", who: "native", value: await spawnToPortMs() });
  }
  for (let round = 0; round < memory.rounds; round++) await measureMemory(recorder, native.keys);
}

async function spawnToPortMs(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(PLUGIN, [], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const ms = performance.now() - startedAt;
  child.kill();
  return ms;
}

async function measureMemory({ record }: Recorder, keys: number): Promise<void> {
  if (process.platform !== "linux") return;
  const simulator = startChild("simulator.ts", { tunnels: keys });
  const { url, apiToken, accountId, tunnelIds } = await nextResult<SimulatorResult>(simulator);
  const plugin = await startNativePlugin({ env: { CLOUDFLARE_BASE_URL: url, CLOUDFLARE_API_TOKEN: apiToken } });
  try {
    await plugin.configure({});
    const open = tunnelIds.values();
    await Promise.all(
      Array.from({ length: PARALLEL }, async () => {
        for (const ipsecTunnelId of open) {
          const urn = `urn:pulumi:dev::demo::${TYPE}::${ipsecTunnelId}`;
          await plugin.check(urn, { accountId, ipsecTunnelId });
          await plugin.create(urn, { accountId, ipsecTunnelId });
        }
      }),
    );
    const { peak, rest } = memoryIn(readFileSync(`/proc/${plugin.process.pid ?? ""}/status`, "utf8"));
    record({ measure: "providerPeakMegabytes", who: "native", keys, value: peak });
    record({ measure: "providerRestMegabytes", who: "native", keys, value: rest });
  } finally {
    await plugin.close();
    simulator.disconnect();
  }
}
