import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A message from a process of the benchmark to its parent. */
type Message<T> = { readonly result: T } | { readonly failure: string };

/** Starts a process from a file in this folder. Its first argument is `input`, as JSON. */
export function startChild(file: string, input: object, env: NodeJS.ProcessEnv = {}): ChildProcess {
  return fork(join(__dirname, file), [JSON.stringify(input)], {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...env },
  });
}

/** Waits for a process's next result. Rejects if the process reports a failure or exits. */
export function nextResult<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const exited = (code: number | null) => {
      reject(new Error(`A process of the benchmark exited early, with code ${code ?? "none"}`));
    };
    child.once("exit", exited);
    child.once("message", (message: Message<T>) => {
      child.off("exit", exited);
      if ("result" in message) resolve(message.result);
      else reject(new Error(message.failure));
    });
  });
}

/** Runs a process from a file in this folder, and waits for its exit. */
export async function runChild<T>(file: string, input: object, env?: NodeJS.ProcessEnv): Promise<T> {
  const child = startChild(file, input, env);
  const exited = once(child, "exit");
  const result = await nextResult<T>(child);
  await exited;
  return result;
}

/** Runs the work of a child process, and sends its result or failure to the parent. */
export function reportResult(work: (input: never) => Promise<unknown>): void {
  const send = (message: Message<unknown>) => process.send?.(message);
  work(JSON.parse(process.argv[2] ?? "{}") as never).then(
    (result) => send({ result }),
    (error: unknown) => {
      send({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      process.exitCode = 1;
    },
  );
}
