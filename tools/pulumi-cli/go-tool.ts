import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkGo } from "./build";
import { countLine, describeDuration } from "./build-progress";
import { withLock } from "./lock";
import { onExit } from "./on-exit";
import { cacheRoot } from "./paths";
import { run } from "./run";
import type { Version } from "./versions";

/** A program that is built from a pinned Go module, once. */
export interface GoTool {
  /** Its file name. */
  readonly name: string;
  /** The version of its source. Another version is built next to this one. */
  readonly version: string;
  /** The oldest Go version that builds it. */
  readonly oldestGo: Version;
  /** The directory of go.mod and go.sum. */
  readonly directory: string;
  /** What to build: an import path, or a file. */
  readonly package: string;
  /** Flags for the linker, in addition to those that leave out debugging information. */
  readonly linkerFlags?: string;
}

export interface GoToolOptions {
  /** Receives whole lines; none if the tool exists. */
  readonly onProgress?: (line: string) => void;
  /** Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

const TIME_LIMIT_MS = 20 * 60_000;

/** Builds a tool in this project's cache, unless it exists there. Returns its path. @throws {Error} */
export async function ensureGoTool(tool: GoTool, options: GoToolOptions = {}): Promise<string> {
  const { onProgress = () => undefined, env = process.env } = options;
  const binary = join(cacheRoot(env, ".."), tool.name, tool.version, tool.name);
  if (existsSync(binary)) return binary;

  mkdirSync(dirname(binary), { recursive: true });
  const onWait = () => {
    onProgress(`Waiting for another process that is already building ${tool.name}`);
  };
  return withLock(`${binary}.lock`, { limitMs: TIME_LIMIT_MS + 5 * 60_000, onWait }, async () => {
    // The process that held the lock has built it.
    if (!existsSync(binary)) await build(tool, binary, onProgress, env);
    return binary;
  });
}

async function build(
  tool: GoTool,
  binary: string,
  onProgress: (line: string) => void,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const startMs = Date.now();
  const folder = mkdtempSync(`${binary}.partial-`);
  const remove = () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  const unregister = onExit(remove);
  try {
    const goEnv = { ...env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off", GOTMPDIR: folder };
    await checkGo(tool, goEnv);
    onProgress(`Building ${tool.name} ${tool.version} from source (once; this takes several minutes)`);
    const partial = join(folder, tool.name);
    await compile(tool, partial, goEnv, onProgress);
    renameSync(partial, binary);
    onProgress(`Built ${tool.name} in ${describeDuration(Date.now() - startMs)}`);
  } finally {
    unregister();
    remove();
  }
}

async function compile(
  { name, directory, package: target, linkerFlags = "" }: GoTool,
  output: string,
  env: NodeJS.ProcessEnv,
  onProgress: (line: string) => void,
): Promise<void> {
  const startMs = Date.now();
  let counts = { modules: 0, packages: 0 };
  const timer = setInterval(() => {
    onProgress(
      `Building ${name}: ${counts.packages} packages compiled after ${describeDuration(Date.now() - startMs)}`,
    );
  }, 15_000);
  try {
    const flags = `-s -w ${linkerFlags}`.trim();
    await run("go", ["build", "-v", "-trimpath", "-ldflags", flags, "-o", output, target], {
      cwd: directory,
      env,
      timeLimitMs: TIME_LIMIT_MS,
      isProgress: (line) => {
        const next = countLine(counts, line);
        const isProgress = next !== counts;
        counts = next;
        return isProgress;
      },
    });
  } finally {
    clearInterval(timer);
  }
}
