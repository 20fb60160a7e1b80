/** Runs one command of the real engine on one stack in a fresh process, as on the command line. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import { cliRootOf } from "../../tools/pulumi-cli";
import { fileOf, type Peer, type PeerModule } from "../peers";
import { reportResult } from "./child";

export type Action = "preview" | "up" | "refresh" | "destroy";

export interface StackCommandInput {
  readonly cli: string;
  /** Contains backend, login and workspace. All commands of a stack share it. */
  readonly folder: string;
  readonly action: Action;
  readonly peer: Peer;
  readonly accountId: string;
  readonly tunnelIds: readonly string[];
  readonly detectDrift: boolean;
}

const ROOT = join(__dirname, "../..");

// The peers are plain JavaScript. Source maps, which tsx enables, would slow down the many stack traces that Pulumi takes.
process.setSourceMapsEnabled(false);

reportResult(async (input: StackCommandInput): Promise<number> => {
  const { cli, folder, action, peer, accountId, tunnelIds, detectDrift } = input;
  const pulumiCommand = await PulumiCommand.get({ ...cliRootOf(cli), skipVersionCheck: true });
  const workDir = join(folder, "workspace");
  await mkdir(workDir, { recursive: true });
  const stack = await LocalWorkspace.createOrSelectStack(
    {
      projectName: "demo",
      stackName: "dev",
      program: async () => {
        // Loaded here, so that the time to load a peer is part of the command.
        const { declare } = (await import(fileOf(peer))) as PeerModule;
        tunnelIds.forEach((ipsecTunnelId, index) => {
          declare(`key-${String(index + 1).padStart(3, "0")}`, { accountId, ipsecTunnelId });
        });
      },
    },
    {
      pulumiCommand,
      workDir,
      pulumiHome: join(folder, "home"),
      projectSettings: {
        name: "demo",
        runtime: "nodejs",
        main: ROOT,
        // The SDK's type lacks this field.
        ...{ plugins: { providers: [{ name: "cloudflare-ipsec-psk", path: join(ROOT, "plugin") }] } },
        // The SDK's type describes an older field.
        config: { "cloudflare-ipsec-psk:detectDrift": String(detectDrift) } as unknown as string,
      },
      envVars: {
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: "only-for-a-temporary-stack",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    },
  );
  return timeOf(pulumiCommand, action, () => stack[action]());
});

class Done extends Error {}

/** Returns the milliseconds of the command alone, without the later calls by which the Automation API reads outputs and history. */
async function timeOf(command: PulumiCommand, action: Action, start: () => Promise<unknown>): Promise<number> {
  const cli = command as unknown as { run(args: string[], ...rest: unknown[]): Promise<unknown> };
  const run = cli.run.bind(command);
  let ms: number | undefined;
  cli.run = async (args, ...rest) => {
    if (args[0] !== action) return run(args, ...rest);
    const startedAt = performance.now();
    await run(
      // With the preview phase, as in `pulumi up --yes`.
      args.filter((arg) => arg !== "--skip-preview"),
      ...rest,
    );
    ms = performance.now() - startedAt;
    throw new Done();
  };
  await start().catch((error: unknown) => {
    if (!(error instanceof Done)) throw error;
  });
  if (ms === undefined) throw new Error(`Cannot measure \`pulumi ${action}\`: the Automation API did not run it`);
  return ms;
}
