import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryBackend } from "../../../tools/temporary-stack";
import { requireBuild, ROOT } from "../build";
import { drive, type Driver } from "../languages/driver";
import type { Leak } from "../leaks";
import { pathWith } from "./environment";
import { type Config, observedStack, type TestStack } from "./stack";
import { createTranscript } from "./transcript";

/** The stack `dev` of a project in a folder of its own. The CLI runs its program, with a language host. */
export interface ProjectStack extends TestStack {
  /** Changes a file of the project, as its author would. */
  edit(file: string, change: (text: string) => string): Promise<void>;
  /** Returns everything that was printed, reported and stored so far, by name or path. */
  written(): ReadonlyMap<string, string>;
  /** Searches all of it for the secrets of the configuration, and for others. */
  leaks(others?: readonly string[]): readonly Leak[];
  close(): Promise<void>;
}

export interface ProjectOptions {
  readonly config?: Config;
  /** Environment of the engine, its plugins and the program. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folders where the engine finds plugins, before PATH. Default: none. */
  readonly plugins?: readonly string[];
  /** The folder with the packages of the project. Default: this repository's, with this package as it is built. */
  readonly nodeModules?: string;
  /** Runs the program instead of a language host. Such a stack takes no options for a command. */
  readonly driver?: Driver;
}

/** Copies files from this repository into a project, and starts it. `sources` has each by its place in the project. */
export async function startProject(
  sources: Readonly<Record<string, string>>,
  options: ProjectOptions = {},
): Promise<ProjectStack> {
  const { config = {}, env, plugins, nodeModules = join(ROOT, "node_modules"), driver } = options;
  requireBuild();
  const backend = await createTemporaryBackend();
  const folder = join(backend.folder, "project");
  await mkdir(folder);
  for (const [place, source] of Object.entries(sources)) {
    await cp(join(ROOT, source), join(folder, place), { recursive: true });
  }
  await symlink(nodeModules, join(folder, "node_modules"));

  const transcript = createTranscript(backend.folder);
  const automation = await backend.createStack({
    stack: "dev",
    program: { folder },
    env: { PATH: pathWith(plugins), ...env },
  });
  const stack = observedStack(automation, {
    transcript,
    ...(driver && { drive: (command, listener) => drive(driver, automation, command, listener) }),
  });
  await stack.configure(config);
  return {
    ...stack,
    async edit(file, change) {
      const before = await readFile(join(folder, file), "utf8");
      const after = change(before);
      if (after === before) throw new Error(`Nothing was changed in ${file}`);
      await writeFile(join(folder, file), after);
    },
    written: () => transcript.written(),
    leaks: (others) => transcript.leaks(others),
    close: () => backend.remove(),
  };
}
