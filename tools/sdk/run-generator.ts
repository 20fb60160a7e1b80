import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureGoTool, type GoToolOptions, readPin } from "../pulumi-cli";
import { run } from "../pulumi-cli/run";

const DIRECTORY = join(__dirname, "generator");
const TIME_LIMIT_MS = 5 * 60_000;

/**
 * Checks a package's schema: binds it, as Pulumi does before it generates SDKs.
 *
 * @param file - The schema as JSON.
 * @throws {Error} With every diagnostic, warnings included.
 */
export async function checkSchema(file: string, options?: GoToolOptions): Promise<void> {
  await runGenerator(["check", file], options);
}

/** Generates the SDKs of a package, each in a folder named after its language. @throws {Error} */
export async function generateSdks(
  file: string,
  folder: string,
  languages: readonly ("python" | "go" | "nodejs")[],
  options?: GoToolOptions,
): Promise<void> {
  await runGenerator(["generate", file, folder, ...languages], options);
}

async function runGenerator(args: readonly string[], options: GoToolOptions = {}): Promise<void> {
  const sources = ["go.mod", "go.sum", "main.go"].map((file) => readFileSync(join(DIRECTORY, file), "utf8"));
  const [goMod = ""] = sources;
  const { oldestGo } = readPin(goMod, "github.com/pulumi/pulumi/pkg/v3");
  // A hash, because the generator's own source may change while the modules that it pins stay the same.
  const version = createHash("sha256").update(sources.join("\n")).digest("hex").slice(0, 12);
  const tool = { name: "sdk-generator", version, oldestGo, directory: DIRECTORY, package: "." };
  const generator = await ensureGoTool(tool, options);
  await run(generator, args, { env: options.env ?? process.env, timeLimitMs: TIME_LIMIT_MS });
}
