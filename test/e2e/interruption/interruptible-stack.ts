import { type ChildProcess, fork } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ConcurrentUpdateError, type UpOptions } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk } from "../../../src";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../src/simulator";
import { cliRootOf, ensurePulumiCli } from "../../../tools/pulumi-cli";
import { createTemporaryStack } from "../../../tools/temporary-stack";
import { requireBuild } from "../../support/build";
import { findLeaks, type Leak, readFilesBelow } from "../../support/leaks";
import { descendantsOf, isAlive, kill, type Process, processesWithHome } from "./processes";
import { waitUntil } from "./wait-until";

export interface Key {
  readonly name: string;
  readonly ipsecTunnelId: string;
  readonly trigger: string;
  /** The name of another key that an interruptible `up` has to finish before this one. */
  readonly after?: string;
}

/** What can be killed: the program that drives the Automation API, the CLI that it starts, or the provider. */
export type Victim = "program" | "CLI" | "provider";

/** A `pulumi up` in processes of its own. */
export interface RunningUp {
  /** Looks for the process now; the function returned sends it the signal. */
  readonly aim: (victim: Victim, signal?: "SIGKILL" | "SIGINT") => () => void;
  /** Ctrl-C in the terminal where the program runs: SIGINT to its whole process group. */
  pressCtrlC(): void;
  /** The provider's processes of this run that still live. */
  providers(): readonly Process[];
  /** Whether the CLI of this run still lives. */
  hasCli(): boolean;
  /** Resolves when the program has ended, in whatever way. */
  readonly ended: Promise<{ readonly succeeded: boolean; readonly text: string }>;
}

export interface StoredKey {
  readonly psk: string | undefined;
  readonly status: string | undefined;
}

/** The simulator, and one stack whose `up` may be killed. */
export interface InterruptibleStack {
  readonly simulator: Simulator;
  addKey(name: string, trigger?: string): Key;
  /** Starts `pulumi up`; under the Automation API it has no preview. */
  start(keys: readonly Key[], options?: UpOptions): RunningUp;
  /** Runs `pulumi up` to the end. */
  up(keys: readonly Key[], options?: UpOptions): Promise<Readonly<Record<string, number>>>;
  /** The lock files that the backend holds. */
  locks(): readonly string[];
  /** What the README tells users to do: `pulumi cancel`, then `pulumi refresh --clear-pending-creates`. */
  repair(): Promise<void>;
  /** `creating key-1`, and so on. */
  pendingOperations(): Promise<readonly string[]>;
  stored(name: string): Promise<StoredKey>;
  leaks(): readonly Leak[];
  /** Ends the orphans of every run, and removes everything. */
  close(): Promise<void>;
}

const PROVIDER = "/cmd/dynamic-provider";
const CLI = "pulumi up ";

export async function startInterruptibleStack(
  options: SimulatorOptions & { readonly settings?: Readonly<Record<string, number>> } = {},
): Promise<InterruptibleStack> {
  requireBuild();
  const { settings = {}, ...simulatorOptions } = options;
  const simulator = await startSimulator(simulatorOptions);
  let keys: readonly Key[] = [];
  const printed = new Map<string, string>();
  const temporary = await createTemporaryStack({
    project: "demo",
    stack: "dev",
    program: () => {
      for (const { name, ipsecTunnelId, trigger } of keys) {
        new IpsecTunnelPsk(name, { accountId: simulator.accountId, ipsecTunnelId, rotationTriggers: { trigger } });
      }
      return Promise.resolve();
    },
    config: {
      "cloudflare:apiToken": { value: simulator.apiToken, secret: true },
      "cloudflare:baseUrl": { value: simulator.url },
      ...Object.fromEntries(
        Object.entries(settings).map(([name, value]) => [`cloudflare-ipsec-psk:${name}`, { value: String(value) }]),
      ),
    },
  });
  const { stack, folder } = temporary;
  const cli = await ensurePulumiCli();
  const { workDir, pulumiHome = "", envVars } = stack.workspace;
  const started = new Map<number, Process>();
  const children = new Set<ChildProcess>();

  function look(id: number | undefined): readonly Process[] {
    const found = id === undefined ? [] : descendantsOf(id);
    for (const each of found) started.set(each.id, each);
    return found;
  }

  async function deployment() {
    return (await stack.exportStack()).deployment as {
      readonly resources?: readonly { readonly urn: string; readonly outputs?: Record<string, unknown> }[];
      readonly pending_operations?: readonly { readonly resource: { readonly urn: string }; readonly type: string }[];
    };
  }

  return {
    simulator,
    addKey: (name, trigger = "1") => ({ name, ipsecTunnelId: simulator.addTunnel({ name }), trigger }),
    start(nextKeys, upOptions) {
      const child = fork(join(__dirname, "up.cjs"), { silent: true, execArgv: [], detached: true });
      children.add(child);
      const ours = new Map<number, Process>();
      const seen = () => {
        for (const each of look(child.pid)) ours.set(each.id, each);
        return [...ours.values()].filter(isAlive);
      };
      let last = { succeeded: false, text: "" };
      child.on("message", (message) => {
        last = message as typeof last;
        printed.set(`output of up ${printed.size}`, last.text);
      });
      child.send({
        accountId: simulator.accountId,
        keys: nextKeys,
        stackName: stack.name,
        projectName: "demo",
        cliRoot: cliRootOf(cli).root,
        workspace: { workDir, pulumiHome, envVars },
        options: { ...upOptions },
      });
      return {
        aim(victim, signal = "SIGKILL") {
          const below = seen();
          const command = victim === "CLI" ? CLI : PROVIDER;
          const ids =
            victim === "program"
              ? [child.pid]
              : below.filter((each) => each.command.includes(command)).map(({ id }) => id);
          return () => {
            for (const id of ids) if (id !== undefined) kill(id, signal);
          };
        },
        pressCtrlC() {
          seen();
          if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
        },
        hasCli: () => seen().some(({ command }) => command.includes(CLI)),
        providers: () => seen().filter(({ command }) => command.includes(PROVIDER)),
        ended: new Promise((resolve) => {
          child.once("exit", () => {
            children.delete(child);
            resolve(last);
          });
        }),
      };
    },
    async up(nextKeys, upOptions) {
      keys = nextKeys;
      const { summary } = await stack.up({ ...upOptions });
      return summary.resourceChanges ?? {};
    },
    locks: () =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\/locks\/.*\.json$/.test(file)),
    async repair() {
      // A CLI whose program was killed may take its lock a moment later: then the lock is removed once more.
      for (let tries = 1; ; tries++) {
        await stack.cancel();
        try {
          await stack.refresh({ clearPendingCreates: true });
          return;
        } catch (error) {
          if (!(error instanceof ConcurrentUpdateError) || tries === 3) throw error;
        }
      }
    },
    pendingOperations: async () =>
      ((await deployment()).pending_operations ?? [])
        .map(({ resource, type }) => `${type} ${resource.urn.split("::").at(-1) ?? ""}`)
        .sort(),
    async stored(name) {
      const { resources = [] } = await deployment();
      const { psk, status } = resources.find(({ urn }) => urn.endsWith(`IpsecTunnelPsk::${name}`))?.outputs ?? {};
      const plaintext = (psk as { readonly plaintext?: string } | undefined)?.plaintext;
      return {
        psk: plaintext === undefined ? undefined : (JSON.parse(plaintext) as string),
        status: status as string | undefined,
      };
    },
    leaks: () =>
      findLeaks(new Map([...printed, ...readFilesBelow(folder)]), [...simulator.issuedKeys(), simulator.apiToken]),
    async close() {
      for (const child of children) look(child.pid);
      for (const { pid } of children) if (pid !== undefined) kill(pid);
      for (const each of started.values()) if (isAlive(each)) kill(each.id);
      // One that was started in the moment of a kill was never seen among our descendants.
      for (const each of processesWithHome(pulumiHome)) kill(each.id);
      await waitUntil("every process of this stack has ended", () => ![...started.values()].some(isAlive));
      await temporary.remove();
      await simulator.close();
    },
  };
}
