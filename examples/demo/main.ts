/**
 * Shows the life of a key on one machine: a simulated Cloudflare and the real Pulumi engine, without an account or a network.
 * Run it with `npm run demo`. It leaves only the cached Pulumi CLI behind.
 */
import { chmod, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { gatewayConfig, IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";
import { type Simulator, startSimulator } from "pulumi-cloudflare-ipsec-psk/simulator";
import { createTemporaryStack, type TemporaryStack } from "../../tools/temporary-stack";
import { createTerminal, type Terminal } from "./terminal";

const terminal = createTerminal(process.stdout);
const interruption = new AbortController();
// The terminal also sends Ctrl-C to the engine, which finishes its step. This program waits for it, then cleans up.
process.on("SIGINT", () => {
  interruption.abort();
});

async function main(): Promise<number> {
  const simulator = await startSimulator();
  const wanted = { ipsecTunnelId: simulator.addTunnel({ name: "branch-1" }), quarter: "2026-Q3" };
  terminal.say(`A simulated Cloudflare is listening on ${simulator.url}. The Pulumi engine is real.`);

  let temporary: TemporaryStack | undefined;
  try {
    temporary = await createTemporaryStack({
      project: "demo",
      stack: "dev",
      config: {
        "cloudflare:apiToken": { value: simulator.apiToken, secret: true },
        "cloudflare:baseUrl": { value: simulator.url },
      },
      onProgress: terminal.say,
      program: () => {
        const key = new IpsecTunnelPsk("branch-1", {
          accountId: simulator.accountId,
          ipsecTunnelId: wanted.ipsecTunnelId,
          rotationTriggers: { quarter: wanted.quarter },
        });
        const swanctl = gatewayConfig("strongswan", {
          name: "branch-1",
          psk: key.psk,
          fqdnId: key.fqdnId,
          cloudflareEndpoint: "203.0.113.10",
        });
        return Promise.resolve({ psk: key.psk, swanctl });
      },
    });
    await runSteps(terminal, simulator, temporary, wanted);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    terminal.say("\nInterrupted: the engine finished its current step. Removing all temporary files.");
    return 130;
  } finally {
    await temporary?.remove();
    await simulator.close();
  }
  return sumUp(terminal);
}

async function runSteps(
  { step, check, engine }: Terminal,
  simulator: Simulator,
  { stack, folder }: TemporaryStack,
  wanted: { ipsecTunnelId: string; quarter: string },
): Promise<void> {
  const options = {
    onOutput: engine,
    color: process.stdout.isTTY ? "always" : "never",
    suppressProgress: true,
    signal: interruption.signal,
  } as const;
  const branch = wanted.ipsecTunnelId;
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
  wanted.quarter = "2026-Q4";
  await stack.preview(options);
  check("the preview did not change the active key", inState(first.outputs) === edge());

  step("pulumi up: Cloudflare generates the new key");
  const rotated = await stack.up(options);
  check("the key in the state is the active key", inState(rotated.outputs) === edge());
  check("the key is a new one", inState(rotated.outputs) !== inState(first.outputs));

  step("A mistake: the tunnel ID does not exist, so Cloudflare refuses and the preview fails");
  wanted.ipsecTunnelId = "0".repeat(32);
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

void main().then((code) => {
  process.exitCode = code;
});
