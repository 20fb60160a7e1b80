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
  /** Hears, in whole lines, what is going on. It hears nothing if a usable CLI is already there. */
  readonly onProgress?: (line: string) => void;
  /** Where PATH, HOME and XDG_CACHE_HOME come from, and what child processes get. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** What to try, in this order, when there is no CLI yet. Default: Pulumi's installer, then `go build`. */
  readonly sources?: readonly Source[];
}

/**
 * Makes sure that a real Pulumi CLI exists, and returns its absolute path.
 *
 * In this order: a usable one on PATH, this project's cache, Pulumi's own installer, a build from source. The last
 * takes minutes, once. Processes that ask at the same time wait for the first one.
 *
 * @throws {Error} If none of these works: what came of each, and what to install.
 */
export async function ensurePulumiCli(options: EnsureOptions = {}): Promise<string> {
  const { onProgress = () => undefined, env = process.env, sources = [download, build] } = options;
  const job: Job = { engine: readEngine(), env, onProgress };
  const root = cacheRoot(env, job.engine.version);
  const failures: string[] = [];

  const onPath = await findOnPath(env, (reason) => failures.push(`pulumi on PATH: ${reason}`));
  if (onPath !== undefined) return onPath;
  if ((await problemOfInstallation(root, env)) === undefined) return binaryIn(root);

  // From here on it takes time, so say why a CLI that is there does not do.
  failures.forEach(onProgress);
  makeCacheDirectory(dirname(root));
  return withLock(`${root}.lock`, lockOptions(sources, job), async () => {
    const problem = await problemOfInstallation(root, env);
    // The process we waited for has done the work.
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
      `Cannot keep a Pulumi CLI in "${directory}" as it cannot be written to (${(error as Error).message}): ` +
        "set XDG_CACHE_HOME to a directory of yours",
      { cause: error },
    );
  }
}

function lockOptions(sources: readonly Source[], { onProgress }: Job) {
  const slackMs = 5 * 60_000;
  return {
    limitMs: sources.reduce((sum, source) => sum + source.timeLimitMs, slackMs),
    onWait: () => {
      onProgress("Waiting for another process that is already installing the Pulumi CLI");
    },
  };
}

async function installFromFirst(sources: readonly Source[], root: string, job: Job, failures: string[]) {
  for (const source of sources) {
    const startMs = Date.now();
    try {
      await install(source, root, job);
      job.onProgress(`Installed the Pulumi CLI in ${root} after ${describeDuration(Date.now() - startMs)}`);
      return;
    } catch (error) {
      failures.push(`${source.name}: ${(error as Error).message}`);
      job.onProgress(`No success with ${failures.at(-1) ?? source.name}`);
    }
  }
  throw new Error(describeFailure(failures, job));
}

function describeFailure(failures: readonly string[], { engine }: Job): string {
  return [
    "Cannot provide a Pulumi CLI as everything that was tried failed:",
    ...failures.map((failure) => `  - ${failure}`),
    `Install the Pulumi CLI ${format(oldestPulumi)} or newer (https://www.pulumi.com/docs/install/), or ` +
      `Go ${format(engine.oldestGo)} or newer (https://go.dev/dl/) to build it from source, and run this again`,
  ].join("\n");
}
