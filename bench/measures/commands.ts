import { type Peer, PEERS } from "../peers";
import type { Operations } from "../processes/simulator";
import { createBenchStack } from "../stack";
import { type Recorder, turns } from "./recorder";

/** Measures every command for this package and the closure no-op. The goals compare the other peers only by `up`. */
export async function measureCommands(recorder: Recorder, keys: number, rounds: number): Promise<void> {
  for (const who of turns(PEERS, rounds)) {
    await measureCommandsOf(recorder, who, keys, who === "ours" || who === "closure");
  }
}

/** Measures `up` on a new stack, and every other command if the goals compare it for this peer. */
export async function measureCommandsOf(
  { record }: Recorder,
  who: Peer,
  keys: number,
  isCompared: boolean,
): Promise<void> {
  const stack = await createBenchStack(who, keys);
  try {
    record({ measure: "upSeconds", who, keys, value: await stack.run("up") });
    if (!isCompared) return;
    const creation = await stack.requests();

    record({ measure: "upNothingSeconds", who, keys, value: await stack.run("up") });
    record({ measure: "previewNothingSeconds", who, keys, value: await stack.run("preview") });
    await stack.requests();
    record({ measure: "refreshSeconds", who, keys, value: await stack.run("refresh") });
    const refresh = await stack.requests();
    record({ measure: "destroySeconds", who, keys, value: await stack.run("destroy") });
    record({ measure: "previewSeconds", who, keys, value: await stack.run("preview") });

    if (who === "ours" || who === "native") {
      record({ measure: "creationRequestsPerKey", who, keys, value: requestsOfCreation(creation, keys) / keys });
      record({ measure: "refreshRequests", who, keys, value: refresh.length });
    }
  } finally {
    await stack.remove();
  }
}

/** Counts the requests of the update phase. The preview phase before it only validates. */
function requestsOfCreation(operations: Operations, keys: number): number {
  const count = (wanted: string) => operations.filter((operation) => operation === wanted).length;
  // A time for less work than assumed would be worse than none.
  if (count("validate") !== keys || count("generate") !== keys) {
    throw new Error(
      `Cannot use this run: of ${keys} keys, ${count("validate")} were validated and ${count("generate")} generated`,
    );
  }
  return operations.length - operations.indexOf("generate");
}
