import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { problemOf } from "./inspect-cli";
import { onExit } from "./on-exit";
import { binaryIn } from "./paths";
import type { Job, Source } from "./source";

/** Returns why the installation in `root` is not usable, or `undefined` if it is. */
export async function problemOfInstallation(root: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const binary = binaryIn(root);
  return existsSync(binary) ? problemOf(binary, [dirname(binary)], env) : "it contains no CLI";
}

/**
 * Installs from `source` into `root`, completely or not at all: into a directory next to it, which is then renamed.
 *
 * The caller must hold the lock of `root`.
 */
export async function install(source: Source, root: string, job: Job): Promise<void> {
  removeLeftovers(root);
  const partial = mkdtempSync(partialPrefix(root));
  const remove = () => {
    // A build that was just stopped may still write for a moment.
    rmSync(partial, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  const unregister = onExit(remove);
  try {
    await source.fill(partial, job);
    const problem = await problemOfInstallation(partial, job.env);
    if (problem !== undefined) throw new Error(`Cannot use the result: ${problem}`);
    rmSync(root, { recursive: true, force: true });
    renameSync(partial, root);
  } finally {
    unregister();
    remove();
  }
}

function partialPrefix(root: string): string {
  return `${root}.partial-`;
}

/** Removes what killed processes left behind. No other process writes there, because this one holds the lock. */
function removeLeftovers(root: string): void {
  const prefix = basename(partialPrefix(root));
  for (const name of readdirSync(dirname(root))) {
    if (name.startsWith(prefix)) rmSync(join(dirname(root), name), { recursive: true, force: true });
  }
}
