import { type Peer, PEERS } from "../peers";
import { createBenchStack } from "../stack";
import type { Recorder } from "./recorder";

interface Checkpoint {
  readonly checkpoint: { readonly latest: { readonly resources: readonly Record<string, unknown>[] } };
}

/** Measures the bytes of one resource's JSON in the checkpoint, without the two fields that contain paths of the program. */
export async function measureCheckpoint({ record }: Recorder, peers: readonly Peer[] = PEERS): Promise<void> {
  for (const who of peers) {
    const stack = await createBenchStack(who, 1);
    try {
      await stack.run("up");
      record({ measure: "checkpointBytes", who, value: bytesOf(await stack.checkpoint()) });
    } finally {
      await stack.remove();
    }
  }
}

function bytesOf(checkpoint: string): number {
  const { resources } = (JSON.parse(checkpoint) as Checkpoint).checkpoint.latest;
  const resource = resources.find(({ urn }) => String(urn).endsWith("::key-001"));
  if (resource === undefined)
    throw new Error("Cannot measure the checkpoint: it does not contain the created resource");
  return JSON.stringify({ ...resource, sourcePosition: undefined, stackTrace: undefined }).length;
}
