import { cp } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../pulumi-cli/run";

const MODULES = join(__dirname, "../../node_modules");

/** Compiles a generated SDK for Node.js as its own install script does, with this repository's compiler. @throws {Error} */
export async function compileNodeSdk(sdk: string, env = process.env): Promise<void> {
  const args = [join(MODULES, "typescript/bin/tsc"), "--project", sdk, "--typeRoots", join(MODULES, "@types")];
  await run(process.execPath, args, { env, timeLimitMs: 5 * 60_000 });
  // It reads its version from there.
  await cp(join(sdk, "package.json"), join(sdk, "bin/package.json"));
}
