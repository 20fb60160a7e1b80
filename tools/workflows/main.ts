/** Checks .github/workflows with actionlint, which is built from its pinned Go module into this project's cache, once. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureGoTool, type GoTool, readPin } from "../pulumi-cli";

const MODULE = "github.com/rhysd/actionlint";
const ROOT = join(__dirname, "../..");
// Programs that only some machines have: the result must be the same on each.
const WITHOUT_OTHERS = ["-shellcheck=", "-pyflakes="];

async function main(): Promise<void> {
  const actionlint = await ensureGoTool(pinned(), { onProgress: (line) => process.stderr.write(`${line}\n`) });
  const { status, error } = spawnSync(actionlint, WITHOUT_OTHERS, { cwd: ROOT, stdio: "inherit" });
  if (error !== undefined) throw error;
  process.exitCode = status ?? 1;
}

function pinned(): GoTool {
  const pin = readPin(readFileSync(join(__dirname, "go.mod"), "utf8"), MODULE);
  return { ...pin, name: "actionlint", directory: __dirname, package: `${MODULE}/cmd/actionlint` };
}

main().catch((error: unknown) => {
  process.stderr.write(
    `Cannot lint the workflows: ${error instanceof Error ? error.message : String(error)}.\n` +
      "What to do: Check that Go is installed (https://go.dev/dl/) and can download modules, then run this again.\n",
  );
  process.exitCode = 1;
});
