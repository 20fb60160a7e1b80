import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { cliRootOf, ensurePulumiCli } from "./pulumi-cli";

export interface TemporaryStackOptions {
  readonly program: PulumiFn;
  readonly project: string;
  readonly stack: string;
  /** Where Node finds the packages that the program's resources require. Default: this repository. */
  readonly main?: string;
  readonly config?: Readonly<Record<string, { readonly value: string; readonly secret?: boolean }>>;
  /** Plugins that the engine starts itself, by package, each with its folder. Default: those of the user's machine alone. */
  readonly plugins?: Readonly<Record<string, string>>;
  /** Environment of the engine and its providers; a program sees its own process's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onProgress?: (line: string) => void;
}

export interface TemporaryStack {
  readonly stack: Stack;
  /** Everything that the engine writes lies here: backend, login, workspace. */
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * A stack on the real engine that leaves nothing behind: file backend, `PULUMI_HOME` and workspace in one temporary
 * folder, so that the user's own login is never touched.
 */
export async function createTemporaryStack(options: TemporaryStackOptions): Promise<TemporaryStack> {
  const cli = await ensurePulumiCli(options.onProgress === undefined ? {} : { onProgress: options.onProgress });
  const pulumiCommand = await PulumiCommand.get({ ...cliRootOf(cli), skipVersionCheck: true });
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-"));
  const workDir = join(folder, "workspace");
  await mkdir(workDir);

  const stack = await LocalWorkspace.createStack(
    { stackName: options.stack, projectName: options.project, program: options.program },
    {
      pulumiCommand,
      workDir,
      pulumiHome: join(folder, "home"),
      projectSettings: projectSettings(options),
      envVars: {
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: "only-for-a-temporary-stack",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...options.env,
      },
    },
  );
  await stack.setAllConfig({ ...options.config });
  return { stack, folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

// `plugins` is missing in the SDK's type, which lets it through.
function projectSettings({ project, main = process.cwd(), plugins = {} }: TemporaryStackOptions) {
  const providers = Object.entries(plugins).map(([name, path]) => ({ name, path }));
  return { name: project, runtime: "nodejs" as const, main, plugins: { providers } };
}
