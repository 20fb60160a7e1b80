/** Builds what programs in other languages than TypeScript need, unless it is there: the first needed comes first. */
import { ensurePulumiCli, ensureYamlLanguageHost } from "../pulumi-cli";
import { ensureGenerator, ensurePython } from "./index";

async function main(): Promise<void> {
  const options = { onProgress: (line: string) => process.stderr.write(`${line}\n`) };
  await ensurePulumiCli(options);
  await ensureYamlLanguageHost(options);
  await ensureGenerator(options);
  await ensurePython();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
