/** Creates in release/ the archives for `pulumi plugin install … --file`, and checks each. */
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { writePlugin } from "./write-plugin";
import { checkArchive } from "./check-archive";
import { createArchives } from "./create-archives";

const ROOT = join(__dirname, "../..");

async function main(): Promise<void> {
  await writePlugin(join(ROOT, "plugin"), ROOT);
  for (const archive of createArchives(join(ROOT, "plugin"), ROOT, join(ROOT, "release"))) {
    await checkArchive(archive);
    process.stdout.write(`release/${basename(archive)}: ${Math.round(statSync(archive).size / 1e3)} kB\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
