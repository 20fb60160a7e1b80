/** Generates the SDK of one language into a folder: npm run sdk -- python ./sdks/cloudflare-ipsec-psk */
import { resolve } from "node:path";
import { generateSdk, SDK_LANGUAGES } from "./run-generator";

async function main([name, folder]: readonly string[]): Promise<void> {
  const language = SDK_LANGUAGES.find((known) => known === name);
  if (language === undefined || folder === undefined) {
    throw new Error(`Usage: npm run sdk -- <${SDK_LANGUAGES.join("|")}> <folder>`);
  }
  const onProgress = (line: string) => process.stderr.write(`${line}\n`);
  // npm runs a script in the folder of its package.json.
  await generateSdk(language, resolve(process.env.INIT_CWD ?? ".", folder), { onProgress });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
