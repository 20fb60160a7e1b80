import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { isEnding, onExit } from "./on-exit";

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly timeLimitMs: number;
  readonly cwd?: string;
  /** Sees each line of stderr, and says whether it was mere progress: such lines do not go into an error. */
  readonly isProgress?: (line: string) => boolean;
}

/**
 * Runs a program without a shell and returns what it wrote to stdout.
 *
 * It dies with us, and with all of its own children: it leads a process group, which gets the signal.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  if (isEnding()) throw new Error(`Cannot start "${command}" as this process was told to end`);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    // On Windows this would open a console window instead of making a group.
    detached: process.platform !== "win32",
  });
  const forget = onExit(() => {
    signalGroup(child, "SIGINT");
  });
  const limit = startLimit(child, options.timeLimitMs);

  try {
    return await outcome(child, [command, args[0]].join(" ").trim(), options, limit);
  } finally {
    limit.stop();
    forget();
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

/** SIGINT first, always, as from a terminal: programs clean up after it. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function outcome(child: ChildProcess, name: string, options: RunOptions, limit: Limit): Promise<string> {
  let stdout = "";
  const complaints: string[] = [];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  if (child.stderr) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (options.isProgress?.(line) !== true && line.trim() !== "") complaints.push(line.trim());
    });
  }

  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const why = complaints.slice(-5).join("; ");
      if (code === 0) resolve(stdout);
      else if (limit.wasReached) reject(new Error(`"${name}" took longer than ${options.timeLimitMs / 1000} s`));
      else if (why !== "") reject(new Error(why));
      else reject(new Error(`"${name}" ended with ${signal ?? `exit code ${String(code)}`}`));
    });
  });
}
