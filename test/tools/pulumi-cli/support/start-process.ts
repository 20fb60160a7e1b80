import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

export interface StartedProcess {
  readonly child: ChildProcess;
  /** Resolves with the first line of stderr that contains one of these words. */
  readonly waitForLine: (...words: string[]) => Promise<string>;
  readonly end: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
}

/** Runs a TypeScript file in a separate process. */
export function startProcess(file: string, env: NodeJS.ProcessEnv): StartedProcess {
  const tsx = pathToFileURL(require.resolve("tsx")).href;
  const child = spawn(process.execPath, ["--import", tsx, file], { env, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  const stderr = createInterface({ input: child.stderr }).on("line", (line) => lines.push(line));
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));

  return {
    child,
    waitForLine: (...words) =>
      new Promise((resolve) => {
        const check = () => {
          const found = lines.find((line) => words.some((word) => line.includes(word)));
          if (found === undefined) return;
          stderr.off("line", check);
          resolve(found);
        };
        stderr.on("line", check);
        check();
      }),
    end: once(child, "close").then(([code, signal]: unknown[]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout,
      stderr: lines.join("\n"),
    })),
  };
}
