import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withLock } from "../pulumi-cli/lock";
import { projectCache } from "../pulumi-cli/paths";
import { run } from "../pulumi-cli/run";

const REQUIREMENTS = join(__dirname, "python/requirements.txt");
const TIME_LIMIT_MS = 10 * 60_000;

/**
 * Makes a virtual environment with what a generated SDK needs in this project's cache, unless it exists there.
 *
 * @returns The path of its Python.
 * @throws {Error} If there is no `python3` with `venv`, or if the packages cannot be installed.
 */
export async function ensurePython(env = process.env): Promise<string> {
  const version = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const folder = join(projectCache(env), "python", version);
  const python = join(folder, "bin/python");
  // A virtual environment has its own path in it, so it cannot be moved into place when it is complete.
  const complete = join(folder, "complete");
  if (existsSync(complete)) return python;

  mkdirSync(dirname(folder), { recursive: true });
  return withLock(`${folder}.lock`, { limitMs: 2 * TIME_LIMIT_MS, onWait: () => undefined }, async () => {
    // The process that held the lock has made it.
    if (existsSync(complete)) return python;
    rmSync(folder, { recursive: true, force: true });
    const limited = { env, timeLimitMs: TIME_LIMIT_MS };
    await run("python3", ["-m", "venv", folder], limited);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    await run(python, [...pip, "--requirement", REQUIREMENTS], limited);
    writeFileSync(complete, "");
    return python;
  });
}
