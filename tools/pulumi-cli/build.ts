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

/** Compiles the CLI from Pulumi's own Go module, without language hosts, which inline programs do not need. */
export const build: Source = {
  name: "go build",
  timeLimitMs: 20 * 60_000,
  fill: async (root, { engine, env, onProgress }) => {
    // Below root, so that leftovers of a stopped build are removed with it: Go does not clean up when it is stopped.
    const temporary = join(root, "go-build");
    mkdirSync(temporary);
    const goEnv = { ...env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off", GOTMPDIR: temporary };
    await checkGo(engine, goEnv);

    onProgress(`Building the Pulumi CLI ${engine.version} from source (once; this takes several minutes)`);
    const binary = binaryIn(root);
    placeLauncher(dirname(binary));
    const progress = startBuildProgress(onProgress);
    try {
      await run("go", buildArguments(binary, engine.version), {
        cwd: engine.directory,
        env: goEnv,
        timeLimitMs: build.timeLimitMs,
        isProgress: progress.handleLine,
      });
    } finally {
      progress.stop();
    }
    rmSync(temporary, { recursive: true, force: true });
  },
};

/** Runs in the module's directory, so that Go downloads the toolchain named in go.mod if its settings allow that. */
async function checkGo(engine: Engine, env: NodeJS.ProcessEnv): Promise<void> {
  const needed = `Go ${format(engine.oldestGo)} or later is required`;
  const output = await run("go", ["version"], { cwd: engine.directory, env, timeLimitMs: 5 * 60_000 }).catch(
    (error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException;
      const cause = code === "ENOENT" ? "there is no go command on PATH" : `"go version" failed: ${message}`;
      throw new Error(`${needed}: ${cause}`, { cause: error });
    },
  );
  const found = parseVersion(output);
  if (found === undefined || isOlder(found, engine.oldestGo)) {
    throw new Error(`${needed}: found "${output.trim()}", which did not download a later toolchain`);
  }
}

function buildArguments(binary: string, version: string): string[] {
  // The Automation API refuses a CLI without a version.
  const linkerFlags = `-s -w -X ${versionVariable}=v${version}`;
  return ["build", "-v", "-trimpath", "-ldflags", linkerFlags, "-o", binary, command];
}

/** Copies the launcher next to the CLI. On PATH the engine would also find it, but with a warning on each run. */
function placeLauncher(directory: string): void {
  const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
  mkdirSync(directory, { recursive: true });
  copyFileSync(join(sdk, launcherName), join(directory, launcherName));
}

export { checkGo };
