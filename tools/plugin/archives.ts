/** Creates in release/ the archives for `pulumi plugin install`, and their checksums, and checks each. */
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { checkArchive } from "./check-archive";
import { checksumsOf, createScriptArchive, createSelfContainedArchive } from "./create-archives";
import { PLATFORMS } from "./platforms";
import { writePlugin } from "./write-plugin";

const root = join(__dirname, "../..");
const folders = { plugin: join(root, "plugin"), root, output: join(root, "release") };

async function main(): Promise<void> {
  await writePlugin(folders.plugin, root);
  rmSync(folders.output, { recursive: true, force: true });
  mkdirSync(folders.output);
  const archives = [createScriptArchive(folders)];
  for (const platform of PLATFORMS) archives.push(await createSelfContainedArchive(platform, folders));
  for (const archive of archives) {
    await checkArchive(archive);
    process.stdout.write(`release/${basename(archive.path)}: ${(statSync(archive.path).size / 1e6).toFixed(1)} MB\n`);
  }
  writeFileSync(join(folders.output, "SHA256SUMS"), checksumsOf(archives));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
