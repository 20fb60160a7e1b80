import { join } from "node:path";
import { isExecutableFile, launcherName } from "./paths";
import { run } from "./run";
import { versionProblem } from "./versions";

/**
 * Returns why `binary` is not usable, or `undefined` if it is.
 *
 * @param launcherDirectories - Directories that may contain the launcher.
 */
export async function problemOf(
  binary: string,
  launcherDirectories: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (!launcherDirectories.some((directory) => isExecutableFile(join(directory, launcherName)))) {
    return `its launcher ${launcherName} is missing`;
  }
  try {
    const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    return versionProblem(await run(binary, ["version"], { env: quiet, timeLimitMs: 60_000 }));
  } catch (error) {
    return `"pulumi version" failed: ${(error as Error).message}`;
  }
}
