import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import type { Listener } from "../engine/outcome";

/** The commands of a stack that a driver carries out. */
export type DriverCommand = "preview" | "up" | "refresh" | "destroy";

/**
 * Runs a program by the Automation API of its own language, in a process of its own: without a language host, which no
 * package registry has.
 *
 * The process gets the command, the project's name, and a file into which it writes the engine's events, one a line, as JSON.
 */
export interface Driver {
  /** Returns the command and the first arguments of the process, after it has compiled what the project has now. */
  readonly prepare: (folder: string) => Promise<readonly [command: string, ...args: string[]]>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Carries out one command on a stack by a driver, as this process's own Automation API would. */
export async function drive(
  driver: Driver,
  stack: Stack,
  command: DriverCommand,
  { onOutput, onEvent }: Listener,
): Promise<object> {
  const { workDir, envVars, pulumiHome = "", pulumiCommand } = stack.workspace;
  const [program, ...args] = await driver.prepare(workDir);
  const temporary = join(dirname(workDir), "tmp");
  await mkdir(temporary, { recursive: true });
  const report = join(temporary, "events.jsonl");
  const { name: project } = await stack.workspace.projectSettings();
  const child = spawn(program, [...args, command, project, report], {
    cwd: workDir,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...envVars,
      ...driver.env,
      PATH: [dirname(pulumiCommand.command), envVars.PATH ?? process.env.PATH].join(delimiter),
      PULUMI_HOME: pulumiHome,
      // Below what is searched for leaks.
      TMPDIR: temporary,
    },
  });
  child.stdout.on("data", (data: Buffer) => {
    onOutput(data.toString());
  });
  child.stderr.on("data", (data: Buffer) => {
    onOutput(data.toString());
  });
  const [code] = (await once(child, "close")) as [number | null];
  (await eventsIn(report)).forEach(onEvent);
  if (code !== 0) throw new Error(`${command} failed`);
  return {};
}

async function eventsIn(file: string): Promise<EngineEvent[]> {
  const lines = await readFile(file, "utf8").catch(() => "");
  await rm(file, { force: true });
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
}
