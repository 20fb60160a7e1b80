import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type {
  ConfigValue,
  DestroyOptions,
  PreviewOptions,
  RefreshOptions,
  Stack,
  UpOptions,
} from "@pulumi/pulumi/automation";
import { pathWith, withEnvironment } from "./environment";
import { type Listener, observe, type Outcome } from "./outcome";
import { createStateReader, type State, stateIn, type StoredKey } from "./state";
import type { Transcript } from "./transcript";

/** Stack configuration: a text, or a value that may be secret. A key may be a path: `first.id`. */
export type Config = Readonly<Record<string, string | ConfigValue>>;

/** One stack on the real engine. */
export interface TestStack {
  /** Pulumi's own, for what is missing here. */
  readonly automation: Stack;
  preview(options?: PreviewOptions): Promise<Outcome>;
  up(options?: UpOptions): Promise<Outcome>;
  refresh(options?: RefreshOptions): Promise<Outcome>;
  destroy(options?: DestroyOptions): Promise<Outcome>;
  /** Runs the CLI with any arguments. */
  cli(...args: readonly string[]): Promise<Outcome>;
  configure(config: Config): Promise<void>;
  state(): Promise<State>;
  /** Reads one key from the state; `undefined` if the resource is not there. */
  stored(name: string): Promise<StoredKey | undefined>;
  /** Returns the state as JSON, secrets in plain text. */
  exportWithSecrets(): Promise<string>;
}

export interface Surroundings {
  readonly transcript: Transcript;
  /** Environment of the next command: of the engine, and of the processes that it starts. Default: none beside the stack's. */
  readonly engineEnv?: () => Readonly<Record<string, string>>;
  /** Environment of this process while a command runs, because programs and hooks run here. Default: as it is. */
  readonly programEnv?: Readonly<Record<string, string>>;
  /** Carries out the commands that run the program, in another process. Default: the Automation API of this one. */
  readonly drive?: (command: "preview" | "up" | "refresh" | "destroy", listener: Listener) => Promise<object>;
}

/** Puts the harness around a stack of the Automation API. */
export function observedStack(automation: Stack, surroundings: Surroundings): TestStack {
  const { transcript, engineEnv, programEnv = {}, drive } = surroundings;
  const reader = createStateReader(automation);
  const quick = withoutQuestions(automation);
  async function run(name: string, command: (listener: Listener) => Promise<object>): Promise<Outcome> {
    Object.assign(automation.workspace.envVars, engineEnv?.());
    const outcome = await withEnvironment(programEnv, () => observe(command));
    transcript.add(name, outcome);
    return outcome;
  }

  return {
    automation,
    preview: (options) =>
      run("preview", (listener) => drive?.("preview", listener) ?? quick.preview({ ...listener, ...options })),
    up: (options) =>
      run("up", async (listener) => {
        await (drive?.("up", listener) ?? quick.up({ ...listener, ...options }));
        return { outputs: await reader.outputs() };
      }),
    refresh: (options) =>
      run("refresh", (listener) => drive?.("refresh", listener) ?? quick.refresh({ ...listener, ...options })),
    destroy: (options) =>
      run("destroy", (listener) => drive?.("destroy", listener) ?? quick.destroy({ ...listener, ...options })),
    cli: (...args) =>
      run(args.slice(0, 2).join(" "), async ({ onOutput }) => {
        onOutput(await runCli(automation, args));
        return {};
      }),
    async configure(config) {
      const values = Object.entries(config).map(
        ([key, value]) => [key, typeof value === "string" ? { value } : value] as const,
      );
      for (const [, { value, secret }] of values) if (secret === true) transcript.addSecret(value);
      await automation.setAllConfig(Object.fromEntries(values), true);
    },
    state: async () => stateIn(await reader.exported()),
    stored: async (name) => stateIn(await reader.exported()).key(name),
    exportWithSecrets: async () => JSON.stringify(await reader.exported()),
  };
}

/**
 * Returns the same stack, whose commands run the CLI once. Pulumi's own `up` runs it three times more: twice for the outputs, and
 * once for a summary of the history, which no test reads.
 */
function withoutQuestions(automation: Stack): Stack {
  const nothing: Pick<Stack, "outputs" | "info"> = {
    outputs: () => Promise.resolve({}),
    info: () => Promise.resolve(undefined),
  };
  return Object.assign(Object.create(automation) as Stack, nothing);
}

async function runCli({ workspace }: Stack, args: readonly string[]): Promise<string> {
  const { pulumiCommand, pulumiHome = "", envVars, workDir } = workspace;
  const command = promisify(execFile)(pulumiCommand.command, [...args, "--non-interactive"], {
    cwd: workDir,
    // `pulumi import` needs a language host, even if only to find the project's packages.
    env: { ...process.env, PATH: pathWith(), ...envVars, PULUMI_HOME: pulumiHome },
  });
  const { stdout, stderr } = await command.catch((error: unknown) => {
    // The error's message has none of what was printed.
    const printed = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(printed.stdout + printed.stderr);
  });
  return stdout + stderr;
}
