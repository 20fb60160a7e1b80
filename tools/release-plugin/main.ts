/** Creates in release/ the archives for `pulumi plugin install … --file`, and checks each. */
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { writePlugin } from "../build-plugin/write-plugin";
import { checkRelease } from "./check-release";
import { createReleases } from "./create-releases";

const ROOT = join(__dirname, "../..");

async function main(): Promise<void> {
  await writePlugin(join(ROOT, "plugin"), ROOT);
  for (const archive of createReleases(join(ROOT, "plugin"), ROOT, join(ROOT, "release"))) {
    await checkRelease(archive);
    process.stdout.write(`release/${basename(archive)}: ${Math.round(statSync(archive).size / 1e3)} kB\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
