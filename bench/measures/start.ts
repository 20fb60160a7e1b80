import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Measure, Who } from "../results";
import { type Recorder, turns } from "./recorder";

const ROOT = join(__dirname, "../..");

const LOADS: readonly { readonly measure: Measure; readonly who: Who; readonly modules: readonly string[] }[] = [
  { measure: "requirePackageMs", who: "ours", modules: ["pulumi-cloudflare-ipsec-psk"] },
  // Including HTTP, which the provider loads before its first request.
  {
    measure: "requireProviderMs",
    who: "ours",
    modules: ["pulumi-cloudflare-ipsec-psk/provider", "./dist/provider/cloudflare-tunnels.js"],
  },
  { measure: "requireProviderMs", who: "sdk", modules: ["cloudflare"] },
];

/** Measures `require` in a fresh process that has loaded `@pulumi/pulumi`, as both of Pulumi's processes have. */
export async function measureStart({ record }: Recorder, starts: number): Promise<void> {
  for (const { modules, ...of } of turns(LOADS, starts)) {
    record({ ...of, value: await requireMs(modules) });
  }
}

async function requireMs(modules: readonly string[]): Promise<number> {
  const program = `
    require("@pulumi/pulumi");
    const startedAt = performance.now();
    ${modules.map((module) => `require("${module}");`).join(" ")}
    process.stdout.write(String(performance.now() - startedAt));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { cwd: ROOT });
  return Number(stdout);
}
