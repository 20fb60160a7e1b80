#!/usr/bin/env node
/** The command `pulumi-cloudflare-ipsec-psk simulator`: a simulated Cloudflare that runs until Ctrl-C. */
import { parseArgs } from "node:util";
import { startSimulator } from "./start-simulator";

const USAGE = `Usage: pulumi-cloudflare-ipsec-psk simulator [--port <number>]

Starts a simulated Cloudflare on 127.0.0.1 that has one account and one IPsec tunnel without a key. It keeps everything
in memory, and runs until Ctrl-C.

  --port <number>   TCP port. Default: any free port.
  --help            Shows this text.
`;

interface Running {
  readonly url: string;
  readonly apiToken: string;
  readonly accountId: string;
  readonly tunnelId: string;
}

async function main(args: readonly string[]): Promise<void> {
  const command = readCommand(args);
  if (command === "help") {
    print(USAGE);
    return;
  }

  const simulator = await startSimulator(command);
  // Before the text: a reader of it may send a signal immediately.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void simulator.close());
  }
  const { url, apiToken, accountId } = simulator;
  print(introduction({ url, apiToken, accountId, tunnelId: simulator.addTunnel({ name: "branch-1" }) }));
}

function readCommand(args: readonly string[]): "help" | { readonly port?: number } {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { port: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help === true) return "help";
  if (positionals.join(" ") !== "simulator") throw new Error(`the only command is "simulator"`);
  return values.port === undefined ? {} : { port: Number(values.port) };
}

function introduction({ url, apiToken, accountId, tunnelId }: Running): string {
  return `A simulated Cloudflare listens at ${url} until you press Ctrl-C.

To use it in a Pulumi project:

  pulumi config set cloudflare:baseUrl ${url}
  pulumi config set --secret cloudflare:apiToken ${apiToken}
  pulumi config set accountId ${accountId}
  pulumi config set ipsecTunnelId ${tunnelId}
  pulumi config set cloudflareEndpoint 203.0.113.1

For a YAML program, write "cloudflare-ipsec-psk:" instead of "cloudflare:" in the first two commands.

To rotate the tunnel's key as someone else:

  curl -X POST -H "Authorization: Bearer ${apiToken}" ${url}/accounts/${accountId}/magic/ipsec_tunnels/${tunnelId}/psk_generate
`;
}

function print(text: string): void {
  process.stdout.write(text);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 1;
});
