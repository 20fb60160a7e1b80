import type { EngineEvent, OutputMap } from "@pulumi/pulumi/automation";

/** What one command of the engine did. */
export interface Outcome {
  readonly succeeded: boolean;
  /** What the Automation API threw, if the command failed. */
  readonly error?: unknown;
  /** Standard output and standard error, as a user reads them. */
  readonly text: string;
  readonly events: readonly EngineEvent[];
  /** How many resources were created, updated, kept, deleted, …: `{ same: 2 }`. The stack itself is one of them. */
  readonly steps: Readonly<Record<string, number>>;
  /** What was created, updated or replaced, in the order of events: `["start branch-1", "end branch-1"]`. */
  readonly order: readonly string[];
  /** The stack's outputs, decrypted, after a successful `up`. */
  readonly outputs: OutputMap;
}

/** The options by which the Automation API reports while a command runs. */
export interface Listener {
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
  readonly onEvent: (event: EngineEvent) => void;
  readonly color: "never";
}

/** Runs a command to its end. A failure is an outcome, not an exception. */
export async function observe(command: (listener: Listener) => Promise<object>): Promise<Outcome> {
  const texts: string[] = [];
  const events: EngineEvent[] = [];
  const hear = (text: string) => void texts.push(text);
  const ended = await command({
    onOutput: hear,
    onError: hear,
    onEvent: (event) => events.push(event),
    color: "never",
  }).then(
    (result) => ({ succeeded: true, outputs: (result as { outputs?: OutputMap }).outputs ?? {} }),
    (error: unknown) => {
      hear(String(error));
      return { succeeded: false, error, outputs: {} };
    },
  );
  return { ...ended, text: texts.join(""), events, steps: countSteps(events), order: orderOf(events) };
}

function countSteps(events: readonly EngineEvent[]): Record<string, number> {
  const summary = events.findLast((event) => event.summaryEvent !== undefined)?.summaryEvent?.resourceChanges ?? {};
  return Object.fromEntries(Object.entries(summary).filter(([, count]) => count > 0));
}

const WORK = ["create", "update", "create-replacement"];

function orderOf(events: readonly EngineEvent[]): string[] {
  return events.flatMap(({ resourcePreEvent: started, resOutputsEvent: ended }) => {
    const { op = "", type = "", urn = "" } = (started ?? ended)?.metadata ?? {};
    // The stack and the providers do not matter to any test.
    if (!WORK.includes(op) || type.startsWith("pulumi:")) return [];
    return [`${started === undefined ? "end" : "start"} ${urn.split("::").at(-1) ?? ""}`];
  });
}
