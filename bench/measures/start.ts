import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Recorder, turns } from "../samples";

const ROOT = join(__dirname, "../..");
const PLUGIN = join(ROOT, "plugin/pulumi-resource-cloudflare-ipsec-psk");

const STARTS = {
  native: () => spawnToPortMs(PLUGIN),
  // Including HTTP, which the provider loads before its first request.
  dynamic: () => requireMs("pulumi-cloudflare-ipsec-psk/provider", "./dist/connection/cloudflare-tunnels.js"),
  sdk: () => requireMs("cloudflare"),
};

/**
 * Measures how long a provider takes to start: the plugin until it prints its port; the others `require`, in a fresh process that has
 * loaded `@pulumi/pulumi`, as Pulumi's has.
 */
export async function measureStart(record: Recorder, starts: number): Promise<void> {
  for (const who of turns(["native", "dynamic", "sdk"] as const, starts)) record("startMs", who, await STARTS[who]());
}

/** Measures how long a plugin's file takes from its start to its port, in milliseconds. */
export async function spawnToPortMs(file: string): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(file, [], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const ms = performance.now() - startedAt;
  const closed = once(child, "close");
  child.kill();
  await closed;
  return ms;
}

async function requireMs(...modules: readonly string[]): Promise<number> {
  const program = `
    require("@pulumi/pulumi");
    const startedAt = performance.now();
    ${modules.map((module) => `require("${module}");`).join(" ")}
    process.stdout.write(String(performance.now() - startedAt));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { cwd: ROOT });
  return Number(stdout);
}
