/**
 * Plays the scenarios beside @pulumi/cloudflare with its released plugin: the one in the folder CLOUDFLARE_PLUGIN, or a download.
 * Where there is neither, it says so and ends with 2, because a run that did not happen is no success.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { version } from "@pulumi/cloudflare/package.json";
import { ensurePulumiCli } from "../pulumi-cli";
import { run } from "../pulumi-cli/run";

const PLUGIN = "pulumi-resource-cloudflare";
const TESTS = ["test/e2e/cloudflare-provider.test.ts", "test/e2e/native/cloudflare-provider.test.ts"];
const DOWNLOAD_MS = 10 * 60_000;

async function main(): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), "ipsec-psk-cloudflare-"));
  try {
    const { CLOUDFLARE_PLUGIN: own } = process.env;
    const folder = own === undefined ? await download(home) : resolve(own);
    if (!existsSync(join(folder, PLUGIN))) throw new Error(`there is no ${PLUGIN} in ${folder}`);
    return await play(folder);
  } catch (error) {
    process.stderr.write(
      `NOT RUN: cannot start the released plugin of @pulumi/cloudflare ${version}: ${reasonOf(error)}. ` +
        `Set CLOUDFLARE_PLUGIN to a folder that has it.\n`,
    );
    return 2;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function download(home: string): Promise<string> {
  const env = { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const plugin = ["resource", "cloudflare", `v${version}`];
  await run(await ensurePulumiCli(), ["plugin", "install", ...plugin], {
    env,
    timeLimitMs: DOWNLOAD_MS,
    isProgress: (line) => /^warning: |^Will retry/.test(line),
  });
  return join(home, `plugins/resource-cloudflare-v${version}`);
}

async function play(folder: string): Promise<number> {
  process.stdout.write(`With ${join(folder, PLUGIN)}\n`);
  const jest = [require.resolve("jest/bin/jest"), ...TESTS, "--selectProjects", "engine", "languages", "--runInBand"];
  const child = spawn(process.execPath, jest, { stdio: "inherit", env: { ...process.env, CLOUDFLARE_PLUGIN: folder } });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
