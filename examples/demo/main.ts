/**
 * Shows the life of a key on one machine: a simulated Cloudflare and the real Pulumi engine, without an account or a network.
 * Run it with `npm run demo`, or `npm run demo -- --language yaml`. It leaves behind the cached Pulumi CLI, and that CLI's logs in
 * ~/.pulumi/logs.
 */
import { chmod, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { type Simulator, startSimulator } from "pulumi-cloudflare-ipsec-psk/simulator";
import { type DemoStack, type Language, STACKS } from "./stacks";
import { createTerminal, type Terminal } from "./terminal";

const terminal = createTerminal(process.stdout);
const interruption = new AbortController();
// The terminal also sends Ctrl-C to the engine, which finishes its step. This program waits for it, then cleans up.
process.on("SIGINT", () => {
  interruption.abort();
});

async function main(): Promise<number> {
  const language = readLanguage();
  const simulator = await startSimulator();
  const ipsecTunnelId = simulator.addTunnel({ name: "branch-1" });
  terminal.say(`A simulated Cloudflare is listening on ${simulator.url}. The Pulumi engine is real.`);

  let demo: DemoStack | undefined;
  try {
    demo = await STACKS[language]({ simulator, ipsecTunnelId, quarter: "2026-Q3", onProgress: terminal.say });
    await runSteps(terminal, simulator, demo, ipsecTunnelId);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    terminal.say("\nInterrupted: the engine finished its current step. Removing all temporary files.");
    return 130;
  } finally {
    await demo?.remove();
    await simulator.close();
  }
  return sumUp(terminal);
}

function readLanguage(): Language {
  const { values } = parseArgs({ options: { language: { type: "string", default: "typescript" } } });
  const found = Object.keys(STACKS).find((name) => name === values.language);
  if (found === undefined)
    throw new Error(`Cannot run the demo: --language must be one of ${Object.keys(STACKS).join(", ")}`);
  return found as Language;
}

async function runSteps(
  { step, check, engine }: Terminal,
  simulator: Simulator,
  { stack, folder, setQuarter, setTunnel }: DemoStack,
  branch: string,
): Promise<void> {
  const options = {
    onOutput: engine,
    color: process.stdout.isTTY ? "always" : "never",
    suppressProgress: true,
    signal: interruption.signal,
  } as const;
  const edge = () => simulator.keyAtEdge(branch);
  const inState = (outputs: OutputMap): unknown => outputs.psk?.value;

  step("pulumi preview: Cloudflare validates the request and changes nothing");
  await stack.preview(options);
  check("the tunnel still has no key at Cloudflare's edge", edge() === undefined);

  step("pulumi up: Cloudflare generates the key and shows it once");
  const first = await stack.up(options);
  check("the key in the state is the active key at Cloudflare's edge", inState(first.outputs) === edge());

  step("The router: a strongSwan configuration that contains the key");
  const file = join(folder, "swanctl.conf");
  const swanctl = first.outputs.swanctl?.value as string;
  await writeFile(file, swanctl, { mode: 0o600 });
  await chmod(file, 0o600);
  engine(swanctl.replace(/secret = 0s.*/, "secret = 0s[the key in Base64, hidden in this demo]"));
  check("only its owner can read the file (mode 0600)", ((await stat(file)).mode & 0o777) === 0o600);
  check("the file contains the active key", keyIn(swanctl) === edge());

  step("pulumi up again: nothing changes");
  const again = await stack.up(options);
  check("the key in the state is still the active key", inState(again.outputs) === edge());
  check("the key is the same as before", inState(again.outputs) === inState(first.outputs));

  step("A rotation trigger changes: the preview says why a new key will be generated");
  await setQuarter("2026-Q4");
  await stack.preview(options);
  check("the preview did not change the active key", inState(first.outputs) === edge());

  step("pulumi up: Cloudflare generates the new key");
  const rotated = await stack.up(options);
  check("the key in the state is the active key", inState(rotated.outputs) === edge());
  check("the key is a new one", inState(rotated.outputs) !== inState(first.outputs));

  step("A mistake: the tunnel ID does not exist, so Cloudflare refuses and the preview fails");
  await setTunnel("0".repeat(32));
  const refused = await stack.preview(options).then(
    () => false,
    () => !interruption.signal.aborted,
  );
  interruption.signal.throwIfAborted();
  check("the preview failed", refused);
  check("the key in the state is still the active key", inState(await stack.outputs()) === edge());

  step("pulumi destroy: the resource is removed; the key stays active, because no API call removes it");
  await stack.destroy(options);
  check("the last key is still active at Cloudflare's edge", edge() === inState(rotated.outputs));
}

function keyIn(swanctl: string): string {
  return Buffer.from(/secret = 0s(\S*)/.exec(swanctl)?.[1] ?? "", "base64").toString("utf8");
}

function sumUp({ say, failures }: Terminal): number {
  if (failures.length === 0) {
    say("\nAll checks passed: the key in the state always matched the active key at the simulated edge.");
    return 0;
  }
  say(`\nThese checks failed:\n${failures.map((failure) => `  - ${failure}`).join("\n")}`);
  return 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
