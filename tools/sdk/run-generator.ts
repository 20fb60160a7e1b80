import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureGoTool, GO_MODULE, type GoToolOptions, readPinned } from "../pulumi-cli";
import { run } from "../pulumi-cli/run";

/** The languages for which Pulumi's code generators are called, by the names of their runtimes. */
export const SDK_LANGUAGES = ["python", "go", "nodejs"] as const;

export type SdkLanguage = (typeof SDK_LANGUAGES)[number];

const PROGRAM = join(__dirname, "generator/main.go");
const SCHEMA = join(__dirname, "../../src/native/schema.json");
const TIME_LIMIT_MS = 5 * 60_000;

/**
 * Binds the package's schema, as Pulumi does before it generates SDKs.
 *
 * @throws {Error} With every diagnostic, warnings included.
 */
export async function checkSchema(options?: GoToolOptions): Promise<void> {
  await runGenerator(["check", SCHEMA], options);
}

export interface SdkOptions extends GoToolOptions {
  /** The file of the schema. Default: the package's own. */
  readonly schema?: string;
}

/** Generates the SDK that `pulumi package add` generates, into a folder. @throws {Error} */
export async function generateSdk(language: SdkLanguage, folder: string, options: SdkOptions = {}): Promise<void> {
  const { schema = SCHEMA, ...tool } = options;
  await runGenerator(["generate", schema, language, folder], tool);
}

/** Builds the program that does both, unless it exists. Returns its path. @throws {Error} */
export function ensureGenerator(options: GoToolOptions = {}): Promise<string> {
  // A hash, because the generator's own source may change while the modules that it is built with stay the same.
  const sources = [PROGRAM, join(GO_MODULE, "go.mod")].map((file) => readFileSync(file, "utf8"));
  const version = createHash("sha256").update(sources.join("\n")).digest("hex").slice(0, 12);
  const { oldestGo } = readPinned("github.com/pulumi/pulumi/pkg/v3");
  const tool = { name: "sdk-generator", version, oldestGo, directory: GO_MODULE, package: PROGRAM };
  return ensureGoTool(tool, options);
}

async function runGenerator(args: readonly string[], options: GoToolOptions = {}): Promise<void> {
  const generator = await ensureGenerator(options);
  await run(generator, args, { env: options.env ?? process.env, timeLimitMs: TIME_LIMIT_MS });
}
