/** The plugin `pulumi-resource-cloudflare-ipsec-psk`, which a Pulumi engine starts for programs in every language. */
import { VERSION } from "../version";
import { endWithEngine } from "./end-with-engine";
import { nodeProblem } from "./node-version";
import type { RunningServer } from "./server";
import { describeUnexpected } from "./unexpected";

async function main(args: readonly string[]): Promise<void> {
  // The engine's copy of the configuration, token included, which nothing here reads: `configure` brings it. Diagnostic reports of
  // Node.js contain the environment, and child processes inherit it.
  delete process.env.PULUMI_CONFIG;
  // Before the rest is loaded: an older Node.js would fail there, with an error that does not name the cause.
  const problem = nodeProblem(process.versions.node);
  if (problem !== undefined) throw new Error(problem);

  const { serve } = await import("./server.js");
  // It follows the engine's own flags.
  const engineAddress = args.at(-1);
  const load = () => import("./provider.js");
  const server = await serve({
    engineAddress,
    version: VERSION,
    schema: async () => (await import("./schema.js")).schema,
    provider: async (options) => (await load()).createProvider(options),
  });
  // The engine waits for this line, and connects while the rest is loaded.
  process.stdout.write(`${server.port}\n`);
  endWithEngine(engineAddress);
  endOnFailure(server);
  await load();
}

/** Ends this process after a failure that nothing has handled, once the engine has the keys that calls in flight receive. */
function endOnFailure(server: RunningServer): void {
  let isEnding = false;
  const end = (failure: unknown) => {
    if (isEnding) return;
    isEnding = true;
    process.stderr.write(`${describeUnexpected(failure)}\n`);
    void server.end().finally(() => process.exit(1));
  };
  process.on("uncaughtException", end).on("unhandledRejection", end);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `Cannot start the plugin: ${error instanceof Error ? error.message : "an unexpected failure"}\n`,
  );
  process.exit(1);
});
