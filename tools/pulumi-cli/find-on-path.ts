import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { problemOf } from "./inspect-cli";
import { isExecutableFile, pathDirectories, pulumiName } from "./paths";

/** Returns the first usable CLI on PATH. Calls `onSkip` with the reason for each CLI that is not usable. */
export async function findOnPath(
  env: NodeJS.ProcessEnv,
  onSkip: (reason: string) => void,
): Promise<string | undefined> {
  const directories = pathDirectories(env);
  const candidates = directories.map((directory) => join(directory, pulumiName)).filter(isExecutableFile);
  if (candidates.length === 0) onSkip("there is no pulumi command");

  for (const binary of candidates) {
    // The engine resolves symbolic links to itself before it looks for the launcher next to it.
    const problem = await problemOf(binary, [...directories, dirname(realpathSync(binary))], env);
    if (problem === undefined) return binary;
    onSkip(`skipped ${binary}: ${problem}`);
  }
  return undefined;
}
