/** One command of the real engine on one stack, in a process of its own, as at the command line. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import { cliRootOf } from "../../tools/pulumi-cli";
import { fileOf, type Peer, type PeerModule } from "../peers";
import { answer } from "./child";

export type Action = "preview" | "up" | "refresh" | "destroy";

export interface StackCommandInput {
  readonly cli: string;
  /** Backend, login and workspace; the same for all commands of a stack. */
  readonly folder: string;
  readonly action: Action;
  readonly peer: Peer;
  readonly accountId: string;
  readonly tunnelIds: readonly string[];
  /** Tunnels that a preview validates one by one. Default: all of them. */
  readonly maxPreviewValidations?: number | undefined;
}

const ROOT = join(__dirname, "../..");

// The peers are plain JavaScript. Source maps, which tsx switches on, would make the many stack traces that Pulumi takes dearer.
process.setSourceMapsEnabled(false);

answer(async (input: StackCommandInput): Promise<number> => {
  const { cli, folder, action, peer, accountId, tunnelIds, maxPreviewValidations = tunnelIds.length } = input;
  const pulumiCommand = await PulumiCommand.get({ ...cliRootOf(cli), skipVersionCheck: true });
  const workDir = join(folder, "workspace");
  await mkdir(workDir, { recursive: true });
  const stack = await LocalWorkspace.createOrSelectStack(
    {
      projectName: "demo",
      stackName: "dev",
      program: async () => {
        // Here, so that what it takes to load a peer is part of the command.
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
        // The type is that of an older field.
        config: { "cloudflare-ipsec-psk:maxPreviewValidations": String(maxPreviewValidations) } as unknown as string,
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

/** Milliseconds that the CLI takes for the command alone: the Automation API asks it for outputs and history after it. */
async function timeOf(command: PulumiCommand, action: Action, start: () => Promise<unknown>): Promise<number> {
  const cli = command as unknown as { run(args: string[], ...rest: unknown[]): Promise<unknown> };
  const run = cli.run.bind(command);
  let ms: number | undefined;
  cli.run = async (args, ...rest) => {
    if (args[0] !== action) return run(args, ...rest);
    const startedAt = performance.now();
    await run(
      // With its preview phase, as `pulumi up --yes` has it.
      args.filter((arg) => arg !== "--skip-preview"),
      ...rest,
    );
    ms = performance.now() - startedAt;
    throw new Done();
  };
  await start().catch((error: unknown) => {
    if (!(error instanceof Done)) throw error;
  });
  if (ms === undefined) throw new Error(`The Automation API has not run \`pulumi ${action}\``);
  return ms;
}
