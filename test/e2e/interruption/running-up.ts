import type { ChildProcess } from "node:child_process";
import { descendantsOf, isAlive, kill, type Process } from "../../support/processes";

/** What can be killed: the program that drives the Automation API, the CLI that it starts, or the provider. */
export type Victim = "program" | "CLI" | "provider";

/** A `pulumi up` in processes of its own. */
export interface RunningUp {
  /** Finds the process now. The function that it returns sends the signal. */
  readonly aim: (victim: Victim, signal?: "SIGKILL" | "SIGINT") => () => void;
  /** Does what Ctrl-C does in the terminal of the program: sends SIGINT to its whole process group. */
  pressCtrlC(): void;
  /** Returns the provider's processes of this run that are still running. */
  providers(): readonly Process[];
  /** Tells whether the CLI of this run is still running. */
  hasCli(): boolean;
  /** Resolves when the program has ended, in whatever way. */
  readonly ended: Promise<Ended>;
}

interface Ended {
  readonly succeeded: boolean;
  readonly text: string;
}

const CLI = "pulumi up ";

/**
 * Follows a process that runs `up.cjs`.
 *
 * @param provider - What the command of the provider's process contains.
 * @param everySeen - Gets every process that was seen below it, by ID.
 */
export function followUp(
  child: ChildProcess,
  provider: string,
  everySeen: Map<number, Process>,
  note: (text: string) => void,
): RunningUp {
  const ours = new Map<number, Process>();
  const running = () => {
    for (const each of child.pid === undefined ? [] : descendantsOf(child.pid)) {
      ours.set(each.id, each);
      everySeen.set(each.id, each);
    }
    return [...ours.values()].filter(isAlive);
  };
  let last: Ended = { succeeded: false, text: "" };
  child.on("message", (message) => {
    last = message as Ended;
    note(last.text);
  });

  return {
    aim(victim, signal = "SIGKILL") {
      const below = running();
      const command = victim === "CLI" ? CLI : provider;
      const ids =
        victim === "program" ? [child.pid] : below.filter((each) => each.command.includes(command)).map(({ id }) => id);
      return () => {
        for (const id of ids) if (id !== undefined) kill(id, signal);
      };
    },
    pressCtrlC() {
      running();
      if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    },
    hasCli: () => running().some(({ command }) => command.includes(CLI)),
    providers: () => running().filter(({ command }) => command.includes(provider)),
    ended: new Promise((resolve) => {
      child.once("exit", () => {
        resolve(last);
      });
    }),
  };
}
