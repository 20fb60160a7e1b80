import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** What a process of the bench tells the one that started it. */
type Message<T> = { readonly result: T } | { readonly failure: string };

/** Starts a process of this folder. Its first argument is `input`, as JSON. */
export function startChild(file: string, input: object, env: NodeJS.ProcessEnv = {}): ChildProcess {
  return fork(join(__dirname, file), [JSON.stringify(input)], {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...env },
  });
}

/** What a process tells next. Rejects if it reports a failure, or ends. */
export function nextResult<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => {
      reject(new Error(`A process of the bench has ended early, with code ${code ?? "none"}`));
    };
    child.once("exit", ended);
    child.once("message", (message: Message<T>) => {
      child.off("exit", ended);
      if ("result" in message) resolve(message.result);
      else reject(new Error(message.failure));
    });
  });
}

/** Runs a process of this folder to its end. */
export async function runChild<T>(file: string, input: object, env?: NodeJS.ProcessEnv): Promise<T> {
  const child = startChild(file, input, env);
  const ended = once(child, "exit");
  const result = await nextResult<T>(child);
  await ended;
  return result;
}

/** In such a process: does the work, and tells what came of it. */
export function answer(work: (input: never) => Promise<unknown>): void {
  const tell = (message: Message<unknown>) => process.send?.(message);
  work(JSON.parse(process.argv[2] ?? "{}") as never).then(
    (result) => tell({ result }),
    (error: unknown) => {
      tell({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      process.exitCode = 1;
    },
  );
}
