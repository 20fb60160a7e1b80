import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { startBuildProgress } from "./build-progress";
import type { Engine } from "./engine";
import { binaryIn, launcherName } from "./paths";
import { run } from "./run";
import type { Source } from "./source";
import { format, isOlder, parseVersion } from "./versions";

const command = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** The CLI, compiled from Pulumi's own Go module: all that inline programs need, without the language hosts. */
export const build: Source = {
  name: "go build",
  timeLimitMs: 20 * 60_000,
  fill: async (root, { engine, env, onProgress }) => {
    // In here, what a killed build leaves behind goes with the rest of it: without us, go dies before it cleans up.
    const temporary = join(root, "go-build");
    mkdirSync(temporary);
    const goEnv = { ...env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off", GOTMPDIR: temporary };
    await checkGo(engine, goEnv);

    onProgress(`Building the Pulumi CLI ${engine.version} from source: this takes minutes, and happens once`);
    const binary = binaryIn(root);
    placeLauncher(dirname(binary));
    const progress = startBuildProgress(onProgress);
    try {
      await run("go", buildArguments(binary, engine.version), {
        cwd: engine.directory,
        env: goEnv,
        timeLimitMs: build.timeLimitMs,
        isProgress: progress.sees,
      });
    } finally {
      progress.stop();
    }
    rmSync(temporary, { recursive: true, force: true });
  },
};

/** Asked in the module's directory, where a Go that may fetch the toolchain named in go.mod does so. */
async function checkGo(engine: Engine, env: NodeJS.ProcessEnv): Promise<void> {
  const needed = `Go ${format(engine.oldestGo)} or newer is needed`;
  const answer = await run("go", ["version"], { cwd: engine.directory, env, timeLimitMs: 5 * 60_000 }).catch(
    (error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException;
      const cause = code === "ENOENT" ? "there is no go command on PATH" : `"go version" fails: ${message}`;
      throw new Error(`${needed}: ${cause}`, { cause: error });
    },
  );
  const found = parseVersion(answer);
  if (found === undefined || isOlder(found, engine.oldestGo)) {
    throw new Error(`${needed}: found "${answer.trim()}", which did not fetch a newer toolchain by itself`);
  }
}

function buildArguments(binary: string, version: string): string[] {
  // Without its version set, the Automation API refuses the CLI.
  const linkerFlags = `-s -w -X ${versionVariable}=v${version}`;
  return ["build", "-v", "-trimpath", "-ldflags", linkerFlags, "-o", binary, command];
}

/** The engine finds it beside itself, silently; on PATH it would warn on each run. */
function placeLauncher(directory: string): void {
  const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
  mkdirSync(directory, { recursive: true });
  copyFileSync(join(sdk, launcherName), join(directory, launcherName));
}

export { checkGo };
