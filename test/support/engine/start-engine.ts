import { type Simulator, type SimulatorOptions, startSimulator } from "../../../src/simulator";
import { DYNAMIC, type Kind } from "./kinds";
import { openBackend, type ProgramStack, type ProgramStackOptions, type TestBackend } from "./programs";

/** A simulated Cloudflare, and a stack that talks to it: `dev` of the project `demo`. */
export interface TestEngine extends ProgramStack, Pick<TestBackend, "folder" | "note" | "written"> {
  readonly simulator: Simulator;
  /** Creates another stack that talks to the same Cloudflare. */
  createStack(name: string, options?: EngineStackOptions): Promise<ProgramStack>;
  /** Replaces the Cloudflare token of `dev`. */
  setToken(token: string): Promise<void>;
  /** Sets the clocks of Cloudflare and of the providers ahead, or behind: for a run on another day. */
  setClock(offsetMs: number): void;
  /** Searches everything that the engine has written for the simulator's keys, the configured secrets, and others. */
  leaks(others?: readonly string[]): ReturnType<TestBackend["leaks"]>;
  close(): Promise<void>;
}

export interface EngineStackOptions extends ProgramStackOptions {
  /** Whether the stack is configured with the simulator's URL and token, beside `config`. Default: true. */
  readonly credentials?: boolean;
}

export interface EngineOptions extends EngineStackOptions {
  readonly simulator?: SimulatorOptions;
  /** The provider that the stacks are configured for. Default: the dynamic one. */
  readonly kind?: Kind;
}

export async function startEngine(options: EngineOptions = {}): Promise<TestEngine> {
  const { simulator: simulated, kind = DYNAMIC, ...stack } = options;
  const backend = await openBackend();
  const simulator = await startSimulator({ now: backend.clock.now, ...simulated });

  function createStack(name: string, { credentials = true, config, ...rest }: EngineStackOptions = {}) {
    const own = {
      [`${kind.namespace}:apiToken`]: { value: simulator.apiToken, secret: true },
      [`${kind.namespace}:baseUrl`]: simulator.url,
    };
    const plugins = { ...kind.plugins, ...rest.plugins };
    return backend.createStack(name, { ...rest, plugins, config: { ...(credentials && own), ...config } });
  }

  const dev = await createStack("dev", stack);
  return {
    ...dev,
    simulator,
    folder: backend.folder,
    note: (what, text) => {
      backend.note(what, text);
    },
    written: () => backend.written(),
    createStack,
    setToken: (value) => dev.configure({ [`${kind.namespace}:apiToken`]: { value, secret: true } }),
    setClock: (offsetMs) => {
      backend.clock.set(offsetMs);
    },
    leaks: (others = []) => backend.leaks([...simulator.issuedKeys(), ...others]),
    async close() {
      await backend.remove();
      await simulator.close();
    },
  };
}
