import type { PreviewOptions, PulumiFn, UpOptions } from "@pulumi/pulumi/automation";
import type { Settings } from "../../../src/connection/settings";
import { createTemporaryBackend } from "../../../tools/temporary-stack";
import { requireBuild } from "../build";
import type { Leak } from "../leaks";
import { createOffsetClock, type OffsetClock } from "./clock";
import { internalSettings } from "./environment";
import type { Outcome } from "./outcome";
import { keepConnectionsApart } from "./own-connections";
import { type Config, observedStack, type TestStack } from "./stack";
import { createTranscript } from "./transcript";

/** A stack whose programs are functions of the test: each command runs the one that it is given. */
export interface ProgramStack extends Omit<TestStack, "preview" | "up"> {
  readonly name: string;
  preview(program: PulumiFn, options?: PreviewOptions): Promise<Outcome>;
  up(program: PulumiFn, options?: UpOptions): Promise<Outcome>;
}

export interface ProgramStackOptions {
  readonly config?: Config;
  /** Environment of the engine and its providers. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings that users cannot change, for the providers and for the hooks of the program. */
  readonly internal?: Partial<Settings>;
  /** Where Node finds the packages that the resources require. Default: this repository, as it is built. */
  readonly main?: string;
  /** The folders of plugins that the engine starts, by package. */
  readonly plugins?: Readonly<Record<string, string>>;
}

/** Stacks of the project `demo` that share a state, a login and a clock. */
export interface TestBackend {
  /** Contains everything that the engine writes. */
  readonly folder: string;
  /** Of the providers; hooks and programs keep this machine's. */
  readonly clock: OffsetClock;
  createStack(name: string, options?: ProgramStackOptions): Promise<ProgramStack>;
  /** Adds a text to what is searched for leaks. */
  note(what: string, text: string): void;
  /** Returns everything that was printed, reported and stored so far, by name or path. */
  written(): ReadonlyMap<string, string>;
  /** Searches all of it for the secrets of every configuration, and for others. */
  leaks(others?: readonly string[]): readonly Leak[];
  remove(): Promise<void>;
}

/** Opens an empty backend: what the other helpers stand on. */
export async function openBackend(): Promise<TestBackend> {
  keepConnectionsApart();
  requireBuild();
  const backend = await createTemporaryBackend();
  const transcript = createTranscript(backend.folder);
  const clock = createOffsetClock();
  return {
    folder: backend.folder,
    clock,
    async createStack(name, { config = {}, env, internal = {}, ...project } = {}) {
      let program: PulumiFn = () => Promise.resolve();
      const programEnv = internalSettings(internal);
      const automation = await backend.createStack({
        ...project,
        project: "demo",
        stack: name,
        program: () => program(),
        env: { ...programEnv, ...env },
      });
      const stack = observedStack(automation, { transcript, programEnv, engineEnv: () => clock.env() });
      await stack.configure(config);
      return {
        ...stack,
        name,
        preview(next, options) {
          program = next;
          return stack.preview(options);
        },
        up(next, options) {
          program = next;
          return stack.up(options);
        },
      };
    },
    note: (what, text) => {
      transcript.add(what, { text });
    },
    written: () => transcript.written(),
    leaks: (others) => transcript.leaks(others),
    remove: () => backend.remove(),
  };
}
