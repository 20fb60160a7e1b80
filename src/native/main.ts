/** The plugin `pulumi-resource-cloudflare-ipsec-psk`, which a Pulumi engine starts for programs of every language. */
import { requireEngine } from "../provider/engine-alive";
import { VERSION } from "../version";
import { nodeProblem } from "./node-version";

async function main(args: readonly string[]): Promise<void> {
  // Before the rest is loaded: what an older Node.js lacks would fail in its own words.
  const problem = nodeProblem(process.versions.node);
  if (problem !== undefined) throw new Error(problem);

  const { serve } = await import("./server.js");
  // Behind the engine's own flags.
  const engineAddress = args.at(-1);
  const load = () => import("./provider.js");
  const port = await serve({
    engineAddress,
    version: VERSION,
    schema: async () => (await import("./schema.js")).schema,
    provider: async (options) => (await load()).createProvider(options),
  });
  // The engine waits for this line, and connects while the rest is loaded.
  process.stdout.write(`${port}\n`);
  endWithEngine(engineAddress);
  await load();
}

/** Ends this process if the engine was killed, which holds the other end of its input. An orphan would stay for ever. */
function endWithEngine(address: string | undefined): void {
  process.stdin.resume().once("end", () => {
    requireEngine(address).catch(() => process.exit(1));
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `Cannot start the plugin: ${error instanceof Error ? error.message : "an unexpected failure"}\n`,
  );
  process.exit(1);
});
