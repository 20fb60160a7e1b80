import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../pulumi-cli/run";
import { adHocSigned, withoutSymbols } from "./executables";
import { ensureNodeBuild, nodeIn } from "./node-builds";
import { hostPlatform, type Platform } from "./platforms";

/**
 * Builds the plugin and Node.js into one executable, which needs nothing else. Two builds on the same platform are the same.
 *
 * @param plugin - The built plugin's file.
 * @see https://nodejs.org/api/single-executable-applications.html
 */
export async function buildSelfContained(platform: Platform, plugin: string, identifier: string): Promise<Buffer> {
  const host = hostPlatform();
  const builder = nodeIn(await ensureNodeBuild(host), host);
  const node = readFileSync(nodeIn(await ensureNodeBuild(platform), platform));
  const folder = mkdtempSync(join(tmpdir(), "ipsec-psk-self-contained-"));
  try {
    // The executable contains the name of the script, so that must not depend on the machine.
    copyFileSync(plugin, join(folder, "plugin.cjs"));
    writeFileSync(join(folder, "node"), platform.startsWith("linux") ? withoutSymbols(node) : node, { mode: 0o755 });
    writeFileSync(join(folder, "sea.json"), JSON.stringify(configFor(platform, host)));
    // The seed keeps the code cache of two builds the same.
    await run(builder, ["--random-seed=1", "--build-sea", "sea.json"], { cwd: folder, env: {}, timeLimitMs: 60_000 });
    const made = readFileSync(join(folder, "made"));
    return platform.startsWith("darwin") ? adHocSigned(made, identifier) : made;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function configFor(platform: Platform, host: Platform) {
  return {
    main: "plugin.cjs",
    mainFormat: "commonjs",
    executable: "node",
    output: "made",
    disableExperimentalSEAWarning: true,
    // Compiled code is for the platform that compiled it.
    useCodeCache: platform === host,
    // Neither NODE_OPTIONS nor a flag changes how the plugin runs, or what it prints.
    execArgvExtension: "none",
  };
}
