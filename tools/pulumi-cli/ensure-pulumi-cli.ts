import { accessSync, constants, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { build } from "./build";
import { describeDuration } from "./build-progress";
import { download } from "./download";
import { readEngine } from "./engine";
import { findOnPath } from "./find-on-path";
import { install, problemOfInstallation } from "./install";
import { withLock } from "./lock";
import { binaryIn, cacheRoot } from "./paths";
import type { Job, Source } from "./source";
import { format, oldestPulumi } from "./versions";

export interface EnsureOptions {
  /** Receives progress, one line per call. It is not called if a usable CLI exists. */
  readonly onProgress?: (line: string) => void;
  /** The environment of child processes; PATH, HOME and XDG_CACHE_HOME are read from it. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** The ways to get a CLI, in order. Default: Pulumi's installer, then `go build`. */
  readonly sources?: readonly Source[];
}

/**
 * Finds or installs a real Pulumi CLI, and returns its absolute path.
 *
 * The order is: a usable CLI on PATH, this project's cache, Pulumi's own installer, a build from source. A build takes several
 * minutes, once. Parallel processes wait for the first one.
 *
 * @throws {Error} if all of these fail. The message has the reason for each, and what to install.
 */
export async function ensurePulumiCli(options: EnsureOptions = {}): Promise<string> {
  const { onProgress = () => undefined, env = process.env, sources = [download, build] } = options;
  const job: Job = { engine: readEngine(), env, onProgress };
  const root = cacheRoot(env, job.engine.version);
  const failures: string[] = [];

  const onPath = await findOnPath(env, (reason) => failures.push(`PATH: ${reason}`));
  if (onPath !== undefined) return onPath;
  if ((await problemOfInstallation(root, env)) === undefined) return binaryIn(root);

  // The rest takes time, so first say why a CLI on PATH was rejected.
  failures.forEach(onProgress);
  makeCacheDirectory(dirname(root));
  return withLock(`${root}.lock`, lockOptions(sources, job), async () => {
    const problem = await problemOfInstallation(root, env);
    // Another process has installed it while this one waited.
    if (problem === undefined) return binaryIn(root);
    failures.push(`cache ${root}: ${problem}`);
    await installFromFirst(sources, root, job, failures);
    return binaryIn(root);
  });
}

function makeCacheDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new Error(
      `Cannot install a Pulumi CLI in "${directory}": ${(error as Error).message}\n` +
        "What to do: Set XDG_CACHE_HOME to a directory that you can write to.",
      { cause: error },
    );
  }
}

function lockOptions(sources: readonly Source[], { onProgress }: Job) {
  const slackMs = 5 * 60_000;
  return {
    limitMs: sources.reduce((sum, source) => sum + source.timeLimitMs, slackMs),
    onWait: () => {
      onProgress("Waiting for another process that is installing the Pulumi CLI");
    },
  };
}

async function installFromFirst(sources: readonly Source[], root: string, job: Job, failures: string[]) {
  for (const source of sources) {
    const startMs = Date.now();
    try {
      await install(source, root, job);
      job.onProgress(`Installed the Pulumi CLI in ${root} in ${describeDuration(Date.now() - startMs)}`);
      return;
    } catch (error) {
      const { message } = error as Error;
      failures.push(`${source.name}: ${message}`);
      job.onProgress(`${source.name} failed: ${message}`);
    }
  }
  throw new Error(describeFailure(failures, job));
}

function describeFailure(failures: readonly string[], { engine }: Job): string {
  return [
    "Cannot find or install a Pulumi CLI: every attempt failed.",
    ...failures.map((failure) => `  - ${failure}`),
    `What to do: Install the Pulumi CLI ${format(oldestPulumi)} or later (https://www.pulumi.com/docs/install/), or ` +
      `Go ${format(engine.oldestGo)} or later (https://go.dev/dl/) to build the CLI from source. Then run this again.`,
  ].join("\n");
}
