import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { createTemporaryStack } from "../../../tools/temporary-stack";
import { requireBuild } from "../../support/build";

type Config = Readonly<Record<string, { readonly value: string; readonly secret?: boolean }>>;

/** One stack as an operator handles it. Every command gives the text that a user reads, failed or not. */
export interface OperatedStack {
  readonly name: string;
  readonly stack: Stack;
  preview(program: PulumiFn, options?: { readonly plan?: string }): Promise<Done>;
  up(
    program: PulumiFn,
    options?: {
      readonly plan?: string;
      readonly refresh?: boolean;
      readonly replace?: string[];
      readonly target?: string[];
    },
  ): Promise<Done>;
  refresh(): Promise<Done>;
  /** Any command of the CLI. */
  cli(...args: readonly string[]): Promise<Done>;
  urn(resource: string): Promise<string>;
  stored(resource: string): Promise<{ readonly psk?: string; readonly status?: string } | undefined>;
}

export interface Done {
  readonly succeeded: boolean;
  readonly text: string;
  readonly steps: Readonly<Record<string, number>>;
}

/** Stacks `organization/demo/<name>` in one backend. */
export interface Backend {
  /** What every command printed, by its number. */
  readonly printed: ReadonlyMap<string, string>;
  readonly folder: string;
  readonly stack: (name: string, config: Config, env?: Readonly<Record<string, string>>) => Promise<OperatedStack>;
  readonly remove: () => Promise<void>;
}

export async function startBackend(): Promise<Backend> {
  requireBuild();
  const nothing: PulumiFn = () => Promise.resolve();
  const first = await createTemporaryStack({ project: "demo", stack: "first", program: nothing });
  const { pulumiCommand, pulumiHome = "", envVars } = first.stack.workspace;

  const printed = new Map<string, string>();
  return {
    printed,
    folder: first.folder,
    remove: () => first.remove(),
    async stack(name, config, env) {
      let program = nothing;
      const workDir = join(first.folder, `workspace-${name}`);
      await mkdir(workDir);
      const stack = await LocalWorkspace.createStack(
        { stackName: name, projectName: "demo", program: () => program() },
        {
          pulumiCommand,
          pulumiHome,
          workDir,
          envVars: { ...envVars, ...env },
          projectSettings: { name: "demo", runtime: "nodejs", main: process.cwd() },
        },
      );
      await stack.setAllConfig({ ...config });

      async function run(
        command: (hear: {
          color: "never";
          onOutput: (text: string) => void;
          onError: (text: string) => void;
        }) => Promise<{
          readonly steps?: Readonly<Record<string, number>> | undefined;
        }>,
      ): Promise<Done> {
        const texts: string[] = [];
        const hear = (text: string) => void texts.push(text);
        let succeeded = true;
        let steps: Readonly<Record<string, number>> = {};
        try {
          ({ steps = {} } = await command({ color: "never", onOutput: hear, onError: hear }));
        } catch (error) {
          succeeded = false;
          texts.push(String(error));
        }
        const text = texts.join("");
        printed.set(`output of command ${printed.size}`, text);
        return { succeeded, text, steps: Object.fromEntries(Object.entries(steps).filter(([, count]) => count > 0)) };
      }

      async function resources() {
        const { deployment } = (await stack.exportStack()) as {
          deployment: {
            resources?: { urn: string; outputs?: { psk?: { plaintext: string }; status?: string } }[];
          };
        };
        return deployment.resources ?? [];
      }

      return {
        name,
        stack,
        preview(next, options) {
          program = next;
          return run(async (hear) => ({ steps: (await stack.preview({ ...hear, ...options })).changeSummary }));
        },
        up(next, options) {
          program = next;
          return run(async (hear) => ({ steps: (await stack.up({ ...hear, ...options })).summary.resourceChanges }));
        },
        refresh: () => run(async (hear) => ({ steps: (await stack.refresh(hear)).summary.resourceChanges })),
        cli: (...args) =>
          run(async ({ onOutput }) => {
            const command = promisify(execFile)(pulumiCommand.command, [...args, "--non-interactive"], {
              cwd: workDir,
              env: {
                ...process.env,
                ...envVars,
                ...env,
                PULUMI_HOME: pulumiHome,
                // `pulumi import` wants a language host, if only to find the project's packages.
                PATH: `${process.env.PATH ?? ""}${delimiter}${resolve("test/support/language-host")}`,
              },
            });
            // What was printed stands in the error, too, but not in its message.
            const { stdout, stderr } = await command.catch((error: unknown) => {
              const { stdout: out, stderr: err } = error as { stdout: string; stderr: string };
              throw new Error(out + err);
            });
            onOutput(stdout + stderr);
            return {};
          }),
        urn: async (resource) => (await resources()).find(({ urn }) => urn.endsWith(`::${resource}`))?.urn ?? "",
        async stored(resource) {
          const { outputs } = (await resources()).find(({ urn }) => urn.endsWith(`::${resource}`)) ?? {};
          if (outputs === undefined) return undefined;
          const { psk, status } = outputs;
          return {
            ...(psk !== undefined && { psk: JSON.parse(psk.plaintext) as string }),
            ...(status !== undefined && { status }),
          };
        },
      };
    },
  };
}
