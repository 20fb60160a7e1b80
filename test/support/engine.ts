import { join } from "node:path";
import type {
  DestroyOptions,
  EngineEvent,
  OutputMap,
  PreviewOptions,
  PulumiFn,
  RefreshOptions,
  UpOptions,
} from "@pulumi/pulumi/automation";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator";
import { createTemporaryStack, type TemporaryStack } from "../../tools/temporary-stack";
import { findLeaks, type Leak, readFilesBelow } from "./leaks";

/** What one command of the engine came to. */
export interface Outcome {
  readonly succeeded: boolean;
  /** Standard output and standard error, as a user reads them. */
  readonly text: string;
  readonly events: readonly EngineEvent[];
  /** The stack's outputs, decrypted, after a successful `up`. */
  readonly outputs: OutputMap;
  /** How many resources the engine made, changed, kept and removed; the stack itself is one of them. */
  readonly steps: Readonly<Record<string, number>>;
}

/** The simulator, and one stack on the real engine that talks to it. */
export interface TestEngine {
  readonly simulator: Simulator;
  readonly folder: string;
  preview(program: PulumiFn, options?: PreviewOptions): Promise<Outcome>;
  up(program: PulumiFn, options?: UpOptions): Promise<Outcome>;
  refresh(options?: RefreshOptions): Promise<Outcome>;
  destroy(options?: DestroyOptions): Promise<Outcome>;
  /** Replaces the stack's Cloudflare token. */
  setToken(token: string): Promise<void>;
  /** Sets the clocks of Cloudflare and of the provider ahead, or behind: runs of another day. */
  setClock(offsetMs: number): void;
  /** Sets keys of the stack's configuration. */
  configure(config: Readonly<Record<string, string>>): Promise<void>;
  /** The stack's state as JSON with every secret in plain text. */
  exportWithSecrets(): Promise<string>;
  /** Where a key that the simulator ever issued, or a token, stands in anything that the engine wrote so far. */
  leaks(): readonly Leak[];
  /** Everything that the engine wrote so far, by name or path. */
  written(): ReadonlyMap<string, string>;
  close(): Promise<void>;
}

export interface TestEngineOptions extends SimulatorOptions {
  /** Where Node finds the packages that the resources require. Default: this repository. */
  readonly main?: string;
  /** Configuration beside the simulator's base URL and token, or in their place. */
  readonly config?: Readonly<Record<string, { readonly value: string; readonly secret?: boolean }>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Plugins that the engine starts itself, by package, each with its folder. */
  readonly plugins?: Readonly<Record<string, string>>;
}

type Command = (stack: TemporaryStack["stack"], hear: Hearing) => Promise<{ outputs?: OutputMap }>;

interface Hearing {
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
  readonly onEvent: (event: EngineEvent) => void;
  readonly color: "never";
}

/** Project `demo`, stack `dev`: the names of the state that the byte budget is measured with. */
export async function startEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const { main, config, env, plugins, ...simulatorOptions } = options;
  let clockOffsetMs = 0;
  const simulator = await startSimulator({ now: () => Date.now() + clockOffsetMs, ...simulatorOptions });
  let program: PulumiFn = () => Promise.resolve();
  const temporary = await createTemporaryStack({
    project: "demo",
    stack: "dev",
    program: () => program(),
    config: config ?? {
      "cloudflare:apiToken": { value: simulator.apiToken, secret: true },
      "cloudflare:baseUrl": { value: simulator.url },
    },
    ...(main !== undefined && { main }),
    ...(env !== undefined && { env }),
    ...(plugins !== undefined && { plugins }),
  });
  const written = new Map<string, string>();
  const tokens = [simulator.apiToken];

  async function run(name: string, command: Command): Promise<Outcome> {
    const texts: string[] = [];
    const events: EngineEvent[] = [];
    const outcome = await command(temporary.stack, {
      onOutput: (text) => texts.push(text),
      onError: (text) => texts.push(text),
      onEvent: (event) => events.push(event),
      color: "never",
    }).then(
      ({ outputs = {} }) => ({ succeeded: true, outputs }),
      (error: unknown) => {
        texts.push(String(error));
        return { succeeded: false, outputs: {} };
      },
    );
    const text = texts.join("");
    written.set(`output of ${name} ${written.size}`, text);
    written.set(
      `events of ${name} ${written.size}`,
      JSON.stringify(events.filter((event) => !isOwnLeakOfPulumi(event))),
    );
    return { ...outcome, text, events, steps: countSteps(events) };
  }

  const everything = () => new Map([...written, ...readFilesBelow(temporary.folder)]);
  const exportWithSecrets = async () => JSON.stringify(await temporary.stack.exportStack());
  return {
    simulator,
    folder: temporary.folder,
    preview: (next, options) => {
      program = next;
      return run("preview", async (stack, hear) => {
        await stack.preview({ ...hear, ...options });
        return {};
      });
    },
    up: (next, options) => {
      program = next;
      return run("up", (stack, hear) => stack.up({ ...hear, ...options }));
    },
    refresh: (options) => run("refresh", (stack, hear) => stack.refresh({ ...hear, ...options }).then(() => ({}))),
    destroy: (options) => run("destroy", (stack, hear) => stack.destroy({ ...hear, ...options }).then(() => ({}))),
    setToken: (value) => {
      tokens.push(value);
      return temporary.stack.setConfig("cloudflare:apiToken", { value, secret: true });
    },
    setClock: (offsetMs) => {
      clockOffsetMs = offsetMs;
      Object.assign(temporary.stack.workspace.envVars, {
        NODE_OPTIONS: `--require ${join(__dirname, "clock-offset.cjs")}`,
        CLOCK_OFFSET_MS: String(offsetMs),
      });
    },
    configure: (values) =>
      temporary.stack.setAllConfig(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }]))),
    exportWithSecrets,
    written: everything,
    leaks: () => findLeaks(everything(), [...simulator.issuedKeys(), ...tokens]),
    close: async () => {
      await temporary.remove();
      await simulator.close();
    },
  };
}

/**
 * Pulumi's Node SDK sends the engine a debug line with every answer to a registration, secrets in plain text. It stays
 * hidden without `--debug`, but stands in the Automation API's events. No resource can prevent it; the README says so.
 */
export function isOwnLeakOfPulumi({ diagnosticEvent: event }: EngineEvent): boolean {
  return event?.message.startsWith("RegisterResource RPC finished: ") ?? false;
}

function countSteps(events: readonly EngineEvent[]): Record<string, number> {
  const summary = events.findLast((event) => event.summaryEvent !== undefined)?.summaryEvent?.resourceChanges ?? {};
  return Object.fromEntries(Object.entries(summary).filter(([, count]) => count > 0));
}
