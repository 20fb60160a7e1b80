import { type Peer, PEERS } from "../peers";
import type { Operations } from "../processes/simulator";
import { type Recorder, turns } from "../samples";
import { type BenchStack, createBenchStack } from "../stack";

const SUBJECTS: readonly { readonly who: Peer; readonly detectDrift: boolean }[] = [
  ...PEERS.map((who) => ({ who, detectDrift: true })),
  { who: "native", detectDrift: false },
  { who: "dynamic", detectDrift: false },
];

/** Measures every command on a new stack, and `up` with nothing to do on one without the drift check. */
export async function measureCommands(record: Recorder, keys: number, rounds: number): Promise<void> {
  for (const { who, detectDrift } of turns(SUBJECTS, rounds)) {
    const stack = await createBenchStack(who, keys, detectDrift);
    try {
      if (detectDrift) await measureLife(record, who, keys, stack);
      else await measureWithoutLook(record, who, stack);
    } finally {
      await stack.remove();
    }
  }
}

async function measureLife(record: Recorder, who: Peer, keys: number, stack: BenchStack): Promise<void> {
  const isOurs = who === "native" || who === "dynamic";
  record("previewSeconds", who, await stack.run("preview"));
  await stack.requests();
  record("upSeconds", who, await stack.run("up"));
  const creation = await stack.requests();
  record("stateBytes", who, bytesOf(await stack.checkpoint()));
  if (who !== "floor") record("requestsPerCreation", who, requestsOfCreation(creation, keys) / keys);

  record("previewNothingSeconds", who, await stack.run("preview"));
  record("upNothingSeconds", who, await stack.run("up"));
  // A preview has one phase and an `up` has two.
  requireLists(await stack.requests(), isOurs ? 3 : 0);
  record("refreshSeconds", who, await stack.run("refresh"));
  if (isOurs) record("requestsPerRefresh", who, (await stack.requests()).length);
  record("destroySeconds", who, await stack.run("destroy"));
}

async function measureWithoutLook(record: Recorder, who: Peer, stack: BenchStack): Promise<void> {
  await stack.run("up");
  await stack.requests();
  record("upWithoutLookSeconds", who, await stack.run("up"));
  requireLists(await stack.requests(), 0);
}

// A time for less work than assumed would be worse than none.
function requireLists(operations: Operations, expected: number): void {
  if (operations.length === expected && operations.every((operation) => operation === "list")) return;
  throw new Error(`Cannot use this run: it sent ${operations.join(", ")} instead of ${expected} lists`);
}

/** Counts the requests of the update phase. The preview phase before it only validates. */
function requestsOfCreation(operations: Operations, keys: number): number {
  const generated = operations.filter((operation) => operation === "generate").length;
  if (generated !== keys) throw new Error(`Cannot use this run: of ${keys} keys, ${generated} were generated`);
  return operations.length - operations.indexOf("generate");
}

interface Checkpoint {
  readonly checkpoint: { readonly latest: { readonly resources: readonly { readonly urn: string }[] } };
}

/** Returns the bytes of one resource, without the two fields that contain paths of the program. */
function bytesOf(checkpoint: string): number {
  const { resources } = (JSON.parse(checkpoint) as Checkpoint).checkpoint.latest;
  const resource = resources.find(({ urn }) => urn.endsWith("::key-001"));
  if (resource === undefined) throw new Error("Cannot measure the checkpoint: it lacks the created resource");
  return JSON.stringify({ ...resource, sourcePosition: undefined, stackTrace: undefined }).length;
}
