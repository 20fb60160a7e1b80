import { join } from "node:path";
import { run } from "./run";
import type { Source } from "./source";

/** Pulumi's own installer, as the Automation API runs it: the official build, with all its language hosts. */
export const download: Source = {
  name: "download",
  // Offline it fails at once; the limit is for a network that swallows packets, and leaves a slow one its time.
  timeLimitMs: 5 * 60_000,
  fill: async (root, { engine, env, onProgress }) => {
    onProgress(`Downloading the Pulumi CLI ${engine.version} with Pulumi's own installer`);
    // In a process of its own, as PulumiCommand.install() can be neither cancelled nor limited.
    const script = join(__dirname, "install-official-cli.cjs");
    await run(process.execPath, [script, root, engine.version], { env, timeLimitMs: download.timeLimitMs });
  },
};
