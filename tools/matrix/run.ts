import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * Runs a command, and returns its stdout.
 *
 * @throws {Error} with both of its output streams, because compilers report errors on stdout.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<string> {
  try {
    return (await execute(command, args, options)).stdout;
  } catch (error) {
    const { message, stdout = "" } = error as Error & { readonly stdout?: string };
    throw new Error(`${message}\n${stdout}`, { cause: error });
  }
}
