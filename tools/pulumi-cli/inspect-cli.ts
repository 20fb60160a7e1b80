import { join } from "node:path";
import { isExecutableFile, launcherName } from "./paths";
import { run } from "./run";
import { unfitPulumi } from "./versions";

/** Why `binary` is of no use here, or undefined if it is; the launcher may be in any of `launcherDirectories`. */
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
    return unfitPulumi(await run(binary, ["version"], { env: quiet, timeLimitMs: 60_000 }));
  } catch (error) {
    return `"pulumi version" fails: ${(error as Error).message}`;
  }
}
