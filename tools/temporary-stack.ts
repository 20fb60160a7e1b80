import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { cliRootOf, ensurePulumiCli, type EnsureOptions } from "./pulumi-cli";

/** Stacks on the real engine that leave nothing behind. */
export interface TemporaryBackend {
  /** Contains everything that the engine writes: state, login, workspaces. */
  readonly folder: string;
  /** Creates a stack with this state and login, and with the user's own of neither. */
  createStack(options: StackOptions): Promise<Stack>;
  remove(): Promise<void>;
}

export interface StackOptions {
  readonly stack: string;
  /** A function of this process, or the folder of a project that the CLI runs with a language host. */
  readonly program: PulumiFn | { readonly folder: string };
  /** Name of the project. A project in a folder has its own. */
  readonly project?: string;
  /** Where Node finds the packages that the program's resources require. Default: this repository. */
  readonly main?: string;
  /** The folders of plugins that the engine starts, by package. Default: only those of the user's machine. */
  readonly plugins?: Readonly<Record<string, string>>;
  /** Environment of the engine and its providers; a function sees its own process's. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface TemporaryStackOptions extends StackOptions {
  readonly config?: Readonly<Record<string, { readonly value: string; readonly secret?: boolean }>>;
  readonly onProgress?: (line: string) => void;
}

export interface TemporaryStack {
  readonly stack: Stack;
  readonly folder: string;
  remove(): Promise<void>;
}

/** The same for every backend of a process: it costs two starts of the CLI. */
let command: Promise<PulumiCommand> | undefined;

async function findCommand(options: EnsureOptions): Promise<PulumiCommand> {
  return PulumiCommand.get({ ...cliRootOf(await ensurePulumiCli(options)), skipVersionCheck: true });
}

/** Creates a file backend, `PULUMI_HOME` and workspaces in one temporary folder. */
export async function createTemporaryBackend(options: EnsureOptions = {}): Promise<TemporaryBackend> {
  const pulumiCommand = await (command ??= findCommand(options));
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-"));

  async function createStack({ stack: stackName, program, env, ...project }: StackOptions): Promise<Stack> {
    const workspace = {
      pulumiCommand,
      pulumiHome: join(folder, "home"),
      envVars: {
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: "only-for-a-temporary-stack",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...env,
      },
    };
    if (typeof program !== "function") {
      return LocalWorkspace.createStack({ stackName, workDir: program.folder }, workspace);
    }
    const projectSettings = projectSettingsOf(project);
    const workDir = join(folder, `workspace-${stackName}`);
    await mkdir(workDir);
    return LocalWorkspace.createStack(
      { stackName, projectName: projectSettings.name, program },
      { ...workspace, workDir, projectSettings },
    );
  }

  return { folder, createStack, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Creates one stack in a backend of its own. */
export async function createTemporaryStack(options: TemporaryStackOptions): Promise<TemporaryStack> {
  const { config = {}, onProgress, ...stackOptions } = options;
  const backend = await createTemporaryBackend(onProgress === undefined ? {} : { onProgress });
  const stack = await backend.createStack(stackOptions);
  await stack.setAllConfig({ ...config });
  return { stack, folder: backend.folder, remove: () => backend.remove() };
}

// `plugins` is missing in the SDK's type, which lets it through.
function projectSettingsOf({ project = "temporary", main = process.cwd(), plugins = {} }: Partial<StackOptions>) {
  const providers = Object.entries(plugins).map(([name, path]) => ({ name, path }));
  return { name: project, runtime: "nodejs" as const, main, plugins: { providers } };
}
