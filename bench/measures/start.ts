import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Measure, Who } from "../results";
import { type Recorder, turns } from "./recorder";

const ROOT = join(__dirname, "../..");

const MODULES: readonly { readonly measure: Measure; readonly who: Who; readonly module: string }[] = [
  { measure: "requirePackageMs", who: "ours", module: "pulumi-cloudflare-ipsec-psk" },
  { measure: "requireProviderMs", who: "ours", module: "pulumi-cloudflare-ipsec-psk/provider" },
  { measure: "requireProviderMs", who: "sdk", module: "cloudflare" },
];

/** How long `require` takes in a fresh process in which `@pulumi/pulumi` is loaded already, as it is in both processes. */
export async function measureStart({ record }: Recorder, starts: number): Promise<void> {
  for (const { module, ...of } of turns(MODULES, starts)) {
    record({ ...of, value: await requireMs(module) });
  }
}

async function requireMs(module: string): Promise<number> {
  const program = `
    require("@pulumi/pulumi");
    const startedAt = performance.now();
    require("${module}");
    process.stdout.write(String(performance.now() - startedAt));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { cwd: ROOT });
  return Number(stdout);
}
