import { existsSync } from "node:fs";
import { join } from "node:path";

/** The repository. Its package links to itself in node_modules, so what is built can be required by its name. */
export const ROOT = join(__dirname, "../..");

/** For tests in processes of their own, which load what is built. */
export function requireBuild(): void {
  if (existsSync(join(ROOT, "dist/dynamic/dynamic-provider.js"))) return;
  throw new Error("Cannot test the built package: dist/ is missing. Run `npm run --silent build` first");
}
