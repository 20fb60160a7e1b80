import { join } from "node:path";
import { run } from "../pulumi-cli/run";

// The first run may have to build the engine.
const TIME_LIMIT_MS = 30 * 60_000;

/** What the demo prints in a terminal, with its colours. A run in which something went wrong is an error. */
export function runDemo(): Promise<string> {
  const asTerminal = `--require ${JSON.stringify(join(__dirname, "as-terminal.cjs"))}`;
  const options = [process.env.NODE_OPTIONS ?? "", asTerminal].join(" ").trim();
  return run("npm", ["run", "--silent", "demo"], {
    cwd: join(__dirname, "../.."),
    env: { ...process.env, NODE_OPTIONS: options },
    timeLimitMs: TIME_LIMIT_MS,
  });
}
