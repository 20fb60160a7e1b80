/** Adds to release/ the packages that registries take: this one for npm, and the SDK of each language. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../pulumi-cli/run";
import { createSdkPackages } from "../sdk";

const ROOT = join(__dirname, "../..");
const OUTPUT = join(ROOT, "release");

async function main(): Promise<void> {
  mkdirSync(OUTPUT, { recursive: true });
  const pack = ["pack", "--silent", "--pack-destination", OUTPUT];
  await run("npm", pack, { cwd: ROOT, env: process.env, timeLimitMs: 5 * 60_000 });
  await createSdkPackages(OUTPUT, { onProgress: (line) => process.stderr.write(`${line}\n`) });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
