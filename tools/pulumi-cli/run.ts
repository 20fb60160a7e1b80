import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { isEnding, onExit } from "./on-exit";

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly timeLimitMs: number;
  readonly cwd?: string;
  /** Receives each line of stderr. Returns `true` for progress, which error messages leave out. */
  readonly isProgress?: (line: string) => boolean;
}

/**
 * Runs a program without a shell, and returns its stdout.
 *
 * The program exits with this process, and so do its own children: it leads a process group, which receives the signal.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  if (isEnding()) throw new Error(`Cannot start "${command}": this process is exiting`);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    // On Windows this would open a console window instead of creating a group.
    detached: process.platform !== "win32",
  });
  const unregister = onExit(() => {
    signalGroup(child, "SIGINT");
  });
  const limit = startLimit(child, options.timeLimitMs);

  try {
    return await outcome(child, [command, args[0]].join(" ").trim(), options, limit);
  } finally {
    limit.stop();
    unregister();
  }
}

interface Limit {
  wasReached: boolean;
  stop: () => void;
}

function startLimit(child: ChildProcess, timeLimitMs: number): Limit {
  const timers: NodeJS.Timeout[] = [];
  const limit: Limit = {
    wasReached: false,
    stop: () => {
      timers.forEach(clearTimeout);
    },
  };
  const reach = () => {
    limit.wasReached = true;
    signalGroup(child, "SIGINT");
    timers.push(
      setTimeout(() => {
        signalGroup(child, "SIGKILL");
      }, 5_000),
    );
  };
  timers.push(setTimeout(reach, timeLimitMs));
  return limit;
}

/** Sends a signal to the program and its children. The first is always SIGINT, as from a terminal, so that programs clean up. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The program has already exited.
  }
}

function outcome(child: ChildProcess, name: string, options: RunOptions, limit: Limit): Promise<string> {
  let stdout = "";
  const errorLines: string[] = [];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  if (child.stderr) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (options.isProgress?.(line) !== true && line.trim() !== "") errorLines.push(line.trim());
    });
  }

  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const reason = errorLines.slice(-5).join("; ");
      if (code === 0) resolve(stdout);
      else if (limit.wasReached) reject(new Error(`"${name}" took longer than ${options.timeLimitMs / 1000} s`));
      else if (reason !== "") reject(new Error(reason));
      else reject(new Error(`"${name}" exited with ${signal ?? `exit code ${String(code)}`}`));
    });
  });
}
