import { type ChildProcess, fork } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ConcurrentUpdateError, type PulumiFn, type UpOptions } from "@pulumi/pulumi/automation";
import { given } from "../../../src/given";
import type { Simulator } from "../../../src/simulator";
import { cliRootOf } from "../../../tools/pulumi-cli";
import { DYNAMIC, type EngineOptions, startEngine, type StoredKey } from "../../support/engine";
import type { Leak } from "../../support/leaks";
import { waitUntil } from "../../support/wait-until";
import { descendantsOf, isAlive, kill, type Process, processesWithHome } from "../../support/processes";
import { followUp, type RunningUp } from "./running-up";

export interface Key {
  readonly name: string;
  readonly ipsecTunnelId: string;
  readonly trigger: string;
  /** The key that the program gives. Default: Cloudflare generates one. */
  readonly psk?: string;
  /** The name of another key that an interruptible `up` has to finish before this one. */
  readonly after?: string;
}

/** A simulated Cloudflare, and one stack whose `up` may be killed. */
export interface InterruptibleStack {
  readonly simulator: Simulator;
  addKey(name: string, trigger?: string): Key;
  /** Starts `pulumi up` in processes of its own. Under the Automation API it has no preview. */
  start(keys: readonly Key[], options?: UpOptions): RunningUp;
  /** Runs `pulumi up` to the end. Throws if it fails. */
  up(keys: readonly Key[], options?: UpOptions): Promise<void>;
  /** Returns the lock files that the backend holds. */
  locks(): readonly string[];
  /** Runs `pulumi cancel`, which removes a lock. */
  cancel(): Promise<void>;
  /** Does what the docs tell users to do: `pulumi cancel`, then `pulumi refresh --clear-pending-creates`. */
  repair(): Promise<void>;
  /** Returns what was interrupted: `["creating key-1"]`. */
  pendingOperations(): Promise<readonly string[]>;
  stored(name: string): Promise<StoredKey | undefined>;
  leaks(): readonly Leak[];
  /** Ends the orphans of every run, and removes everything. */
  close(): Promise<void>;
}

export async function startInterruptibleStack(options: EngineOptions = {}): Promise<InterruptibleStack> {
  const { kind = DYNAMIC } = options;
  const engine = await startEngine(options);
  const { simulator, automation } = engine;
  const { workDir, pulumiHome = "", envVars, pulumiCommand } = automation.workspace;
  const children = new Set<ChildProcess>();
  const seen = new Map<number, Process>();

  const program =
    (keys: readonly Key[]): PulumiFn =>
    () => {
      const { accountId } = simulator;
      for (const { name, ipsecTunnelId, trigger, psk } of keys) {
        new kind.Key(name, { accountId, ipsecTunnelId, rotationTriggers: { trigger }, ...given({ psk }) });
      }
      return Promise.resolve();
    };

  return {
    simulator,
    addKey: (name, trigger = "1") => ({ name, ipsecTunnelId: simulator.addTunnel({ name }), trigger }),
    start(keys, upOptions) {
      const child = fork(join(__dirname, "up.cjs"), { silent: true, execArgv: [], detached: true });
      children.add(child);
      child.once("exit", () => children.delete(child));
      child.send({
        accountId: simulator.accountId,
        keys,
        kind: kind.kind,
        stackName: engine.name,
        projectName: "demo",
        cli: cliRootOf(pulumiCommand.command),
        workspace: { workDir, pulumiHome, envVars },
        options: { ...upOptions },
      });
      return followUp(child, kind.process, seen, (text) => {
        engine.note("interruptible up", text);
      });
    },
    async up(keys, upOptions) {
      const { succeeded, error } = await engine.up(program(keys), upOptions);
      if (!succeeded) throw error;
    },
    locks: () =>
      readdirSync(engine.folder, { recursive: true, encoding: "utf8" }).filter((file) =>
        /\/locks\/.*\.json$/.test(file),
      ),
    cancel: () => automation.cancel(),
    async repair() {
      // A CLI whose program was killed may take its lock a moment later: then the lock is removed once more.
      for (let attempt = 1; ; attempt++) {
        await automation.cancel();
        const { succeeded, error } = await engine.refresh({ clearPendingCreates: true });
        if (succeeded) return;
        if (!(error instanceof ConcurrentUpdateError) || attempt === 3) throw error;
      }
    },
    pendingOperations: async () => (await engine.state()).pending,
    stored: (name) => engine.stored(name),
    leaks: () => engine.leaks(),
    async close() {
      for (const { pid } of children) {
        if (pid === undefined) continue;
        for (const each of descendantsOf(pid)) seen.set(each.id, each);
        kill(pid);
      }
      for (const each of seen.values()) if (isAlive(each)) kill(each.id);
      // One that was started at the moment of a kill was never seen among our descendants.
      for (const each of processesWithHome(pulumiHome)) kill(each.id);
      await waitUntil("every process of this stack has ended", () => ![...seen.values()].some(isAlive));
      await engine.close();
    },
  };
}
