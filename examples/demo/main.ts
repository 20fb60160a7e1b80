/**
 * The whole story on one machine: a simulated Cloudflare, the real Pulumi engine, no account, no network.
 * Run it with `npm run demo`. Nothing but the engine's cache remains.
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
// The engine gets the same Ctrl-C from the terminal and finishes its step; this program waits for it, and cleans up.
process.on("SIGINT", () => {
  interruption.abort();
});

async function main(): Promise<number> {
  const simulator = await startSimulator();
  const wanted = { ipsecTunnelId: simulator.addTunnel({ name: "branch-1" }), quarter: "2026-Q3" };
  terminal.say(`A simulated Cloudflare listens on ${simulator.url}. The rest is the real Pulumi engine.`);

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
    await tell(terminal, simulator, temporary, wanted);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    terminal.say("\nInterrupted: the engine has finished its step, and everything temporary is removed.");
    return 130;
  } finally {
    await temporary?.remove();
    await simulator.close();
  }
  return sumUp(terminal);
}

async function tell(
  { step, check, engine }: Terminal,
  simulator: Simulator,
  { stack, folder }: TemporaryStack,
  wanted: { ipsecTunnelId: string; quarter: string },
): Promise<void> {
  const watched = {
    onOutput: engine,
    color: process.stdout.isTTY ? "always" : "never",
    suppressProgress: true,
    signal: interruption.signal,
  } as const;
  const branch = wanted.ipsecTunnelId;
  const edge = () => simulator.keyAtEdge(branch);
  const inState = (outputs: OutputMap): unknown => outputs.psk?.value;

  step("pulumi preview: Cloudflare validates the request and persists nothing");
  await stack.preview(watched);
  check("the tunnel still has no key at the edge", edge() === undefined);

  step("pulumi up: Cloudflare generates the key and shows it once");
  const first = await stack.up(watched);
  check("the key in the state is the key at the edge", inState(first.outputs) === edge());

  step("The far end: a strongSwan configuration that carries the key");
  const file = join(folder, "swanctl.conf");
  const swanctl = first.outputs.swanctl?.value as string;
  await writeFile(file, swanctl, { mode: 0o600 });
  await chmod(file, 0o600);
  engine(swanctl.replace(/secret = 0s.*/, "secret = 0s[the key in Base64, not shown here]"));
  check("the file is readable by its owner alone (mode 0600)", ((await stat(file)).mode & 0o777) === 0o600);
  check("the file carries the key at the edge", keyIn(swanctl) === edge());

  step("pulumi up again: nothing to do");
  const again = await stack.up(watched);
  check("the key in the state is still the key at the edge", inState(again.outputs) === edge());
  check("it is the same key as before", inState(again.outputs) === inState(first.outputs));

  step("A rotation: the trigger changes, and the preview says why a key will be generated");
  wanted.quarter = "2026-Q4";
  await stack.preview(watched);
  check("the preview has changed nothing at the edge", inState(first.outputs) === edge());

  step("pulumi up carries the rotation out");
  const rotated = await stack.up(watched);
  check("the key in the state is the key at the edge", inState(rotated.outputs) === edge());
  check("it is a new key", inState(rotated.outputs) !== inState(first.outputs));

  step("A mistake: the id of a tunnel that does not exist; Cloudflare refuses, so the preview fails");
  wanted.ipsecTunnelId = "0".repeat(32);
  const refused = await stack.preview(watched).then(
    () => false,
    () => !interruption.signal.aborted,
  );
  interruption.signal.throwIfAborted();
  check("the preview failed", refused);
  check("the key in the state is still the key at the edge", inState(await stack.outputs()) === edge());

  step("pulumi destroy: the resource goes, the key stays in force, for no API takes one away");
  await stack.destroy(watched);
  check("the edge still has the last key", edge() === inState(rotated.outputs));
}

function keyIn(swanctl: string): string {
  return Buffer.from(/secret = 0s(\S*)/.exec(swanctl)?.[1] ?? "", "base64").toString("utf8");
}

function sumUp({ say, failures }: Terminal): number {
  if (failures.length === 0) {
    say("\nAt each step the key in the state was the key at Cloudflare's (simulated) edge.");
    return 0;
  }
  say(`\nThis went wrong:\n${failures.map((failure) => `  - ${failure}`).join("\n")}`);
  return 1;
}

void main().then((code) => {
  process.exitCode = code;
});
