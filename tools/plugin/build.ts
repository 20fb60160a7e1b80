/** Builds the plugin into plugin/. */
import { join } from "node:path";
import { PLUGIN, writePlugin } from "./write-plugin";

const ROOT = join(__dirname, "../..");

writePlugin(join(ROOT, "plugin"), ROOT).then(
  // Scripts that run `npm pack` read the archive's name from standard output.
  (bytes) => process.stderr.write(`plugin/${PLUGIN}: ${(bytes / 1e6).toFixed(2)} MB\n`),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
