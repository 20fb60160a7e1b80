import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { problemOf } from "./inspect-cli";
import { isExecutableFile, pathDirectories, pulumiName } from "./paths";

/** The first usable CLI on PATH; `onSkip` hears of each one passed over, and why. */
export async function findOnPath(
  env: NodeJS.ProcessEnv,
  onSkip: (reason: string) => void,
): Promise<string | undefined> {
  const directories = pathDirectories(env);
  const candidates = directories.map((directory) => join(directory, pulumiName)).filter(isExecutableFile);
  if (candidates.length === 0) onSkip("there is none");

  for (const binary of candidates) {
    // The engine follows symbolic links to itself before it looks for the launcher beside it.
    const problem = await problemOf(binary, [...directories, dirname(realpathSync(binary))], env);
    if (problem === undefined) return binary;
    onSkip(`${binary} is skipped: ${problem}`);
  }
  return undefined;
}
