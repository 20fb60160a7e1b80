import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { problemOf } from "./inspect-cli";
import { onExit } from "./on-exit";
import { binaryIn } from "./paths";
import type { Job, Source } from "./source";

/** Why the installation in `root` is of no use here, or undefined if it is. */
export async function problemOfInstallation(root: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const binary = binaryIn(root);
  return existsSync(binary) ? problemOf(binary, [dirname(binary)], env) : "it is empty";
}

/**
 * Fills `root` from `source`, whole or not at all: in a directory beside it first, then by a rename.
 *
 * The caller holds the lock of `root`.
 */
export async function install(source: Source, root: string, job: Job): Promise<void> {
  removeLeftovers(root);
  const partial = mkdtempSync(partialPrefix(root));
  const remove = () => {
    // A build that was just told to stop may still write for a moment.
    rmSync(partial, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  const forget = onExit(remove);
  try {
    await source.fill(partial, job);
    const problem = await problemOfInstallation(partial, job.env);
    if (problem !== undefined) throw new Error(`Cannot use the result: ${problem}`);
    rmSync(root, { recursive: true, force: true });
    renameSync(partial, root);
  } finally {
    forget();
    remove();
  }
}

function partialPrefix(root: string): string {
  return `${root}.partial-`;
}

/** What a killed process left behind; with the lock held, nobody else is at work there. */
function removeLeftovers(root: string): void {
  const prefix = basename(partialPrefix(root));
  for (const name of readdirSync(dirname(root))) {
    if (name.startsWith(prefix)) rmSync(join(dirname(root), name), { recursive: true, force: true });
  }
}
