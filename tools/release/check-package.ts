/**
 * Packs the package as it would be published, and checks it: no install-time script, and no message of publint or "Are the types
 * wrong?".
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { installScriptsIn } from "./install-scripts";

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ipsec-psk-package-"));
  try {
    run("npm", "pack", "--silent", "--pack-destination", folder);
    const tarball = join(folder, ...readdirSync(folder));
    refuseInstallScripts(tarball);
    await lint(tarball);
    // All kinds of module resolution, including node10, which Pulumi's older project templates use.
    run("attw", tarball);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(command: string, ...args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0)
    throw new Error(
      `Cannot check the package: "${command}" failed (${error?.message ?? `exit code ${String(status)}`})`,
    );
}

function refuseInstallScripts(tarball: string): void {
  const manifest = execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" });
  const found = installScriptsIn(JSON.parse(manifest) as { scripts?: Record<string, string> });
  if (found.length > 0) throw new Error(`The package has install-time scripts: ${found.join(", ")}`);
  process.stdout.write("The package has no install-time script\n");
}

async function lint(tarball: string): Promise<void> {
  const { messages, pkg } = await publint({ pack: { tarball: arrayBufferOf(tarball) } });
  if (messages.length > 0) {
    const problems = messages.map((message) => `  - ${formatMessage(message, pkg, { color: false })}`);
    throw new Error(`publint found problems:\n${problems.join("\n")}`);
  }
  process.stdout.write("publint found no problems\n");
}

function arrayBufferOf(path: string): ArrayBuffer {
  return new Uint8Array(readFileSync(path)).buffer;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
