import { execFileSync } from "node:child_process";
import { arch, cpus, release, totalmem, type } from "node:os";
import { version as pulumiSdk } from "@pulumi/pulumi/package.json";
import { VERSION as cloudflare } from "cloudflare/version";
import { version as undici } from "undici/package.json";
import { version as zod } from "zod/package.json";
import { VERSION } from "../src/version";
import { ensurePulumiCli } from "../tools/pulumi-cli";
import type { About } from "./results";

/** Describes what the measured times depend on, apart from the code. */
export async function describeEnvironment(): Promise<Pick<About, "machine" | "versions">> {
  const pulumi = execFileSync(await ensurePulumiCli(), ["version"], { encoding: "utf8" }).trim();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${gigabytes} GB, ${type()} ${release()}, ${arch()}`,
    versions: {
      "this package": VERSION,
      Node: process.version,
      pulumi,
      "@pulumi/pulumi": pulumiSdk,
      cloudflare,
      undici,
      zod,
    },
  };
}
