import { join } from "node:path";
import { run } from "../pulumi-cli/run";

// The first run may have to build the Pulumi CLI.
const TIME_LIMIT_MS = 30 * 60_000;

// The engine prints the name of the preview hook, which ends in a random ID.
const HOOK_ID = /(?<="Cloudflare's validation) [0-9a-f]{8}(?=")/g;

/**
 * Runs the demo, and returns its output as in a terminal, with colors and without random names.
 *
 * @throws {Error} if one of its checks fails.
 */
export async function runDemo(): Promise<string> {
  const asTerminal = `--require ${JSON.stringify(join(__dirname, "as-terminal.cjs"))}`;
  const options = [process.env.NODE_OPTIONS ?? "", asTerminal].join(" ").trim();
  const output = await run("npm", ["run", "--silent", "demo"], {
    cwd: join(__dirname, "../.."),
    env: { ...process.env, NODE_OPTIONS: options },
    timeLimitMs: TIME_LIMIT_MS,
  });
  return output.replace(HOOK_ID, "");
}
