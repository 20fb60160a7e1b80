import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { VERSION } from "../../src/version";
import { type Archive, ERRORS, NODE_LICENSE } from "./create-archives";
import { hostPlatform } from "./platforms";
import { LICENSES, PLUGIN } from "./write-plugin";

/** The largest size of the plugin, in bytes. */
export const MAX_PLUGIN_BYTES = 2_500_000;

/** The largest size of the plugin with Node.js in it, in bytes. */
const MAX_SELF_CONTAINED_BYTES = 155_000_000;

/**
 * Unpacks an archive with the system's own `tar`, and checks what a user gets: the files, and that the plugin is executable, starts
 * and reports its version. One for another platform is not started.
 *
 * @throws {Error}
 */
export async function checkArchive({ path, executable, platform }: Archive): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ipsec-psk-release-"));
  try {
    const { status, stderr } = spawnSync("tar", ["-xzf", path, "-C", folder], { encoding: "utf8" });
    if (status !== 0) throw new Error(`tar cannot unpack it: ${stderr}`);
    const own = platform === undefined ? ["package.json", `${PLUGIN}.cmd`] : [NODE_LICENSE];
    checkFiles(folder, [executable, ...own]);
    checkSize(join(folder, executable), platform === undefined ? MAX_PLUGIN_BYTES : MAX_SELF_CONTAINED_BYTES);
    if (platform === undefined) checkPackageJson(folder);
    if (platform !== undefined && platform !== hostPlatform()) return;
    // Without PATH, there is no Node.js but that in the executable.
    const version = await versionOf(join(folder, executable), platform === undefined ? process.env : {});
    if (version !== VERSION) throw new Error(`it says that it is version ${version}, instead of ${VERSION}`);
  } catch (error) {
    throw new Error(`Cannot release ${basename(path)}: ${(error as Error).message}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkFiles(folder: string, own: readonly string[]): void {
  const expected = [LICENSES, "LICENSE", dirname(ERRORS), ERRORS, ...own].sort();
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  if (found.join() !== expected.join()) throw new Error(`it contains ${found.join(", ")}`);
}

function checkSize(executable: string, limit: number): void {
  const { mode, size } = statSync(executable);
  if ((mode & 0o111) !== 0o111) throw new Error("the plugin is not executable");
  if (size > limit) throw new Error(`the plugin has ${size} bytes, more than ${limit}`);
}

function checkPackageJson(folder: string): void {
  const { version, type } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
  if (version !== VERSION || type !== "commonjs") throw new Error("its package.json is wrong");
}

async function versionOf(plugin: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(plugin, { env, stdio: ["pipe", "pipe", "inherit"] });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("error", reject);
      child.once("exit", () => {
        reject(new Error("the plugin does not start"));
      });
    });
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    return await new Promise((resolve, reject) => {
      client.getPluginInfo(new Empty(), (error, info) => {
        client.close();
        if (error === null) resolve(info.getVersion());
        else reject(error);
      });
    });
  } finally {
    child.kill();
  }
}
