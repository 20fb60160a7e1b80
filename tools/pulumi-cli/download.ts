import { join } from "node:path";
import { run } from "./run";
import type { Source } from "./source";

/** Downloads the official build with all language hosts, by the Automation API's installer. */
export const download: Source = {
  name: "download",
  // Offline it fails immediately. The limit is for a network that drops packets, and long enough for a slow one.
  timeLimitMs: 5 * 60_000,
  fill: async (root, { engine, env, onProgress }) => {
    onProgress(`Downloading the Pulumi CLI ${engine.version} with Pulumi's installer`);
    // In a separate process, because PulumiCommand.install() cannot be cancelled and has no timeout.
    const script = join(__dirname, "install-official-cli.cjs");
    await run(process.execPath, [script, root, engine.version], { env, timeLimitMs: download.timeLimitMs });
  },
};
