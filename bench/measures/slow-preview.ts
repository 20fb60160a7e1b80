import type { Peer } from "../peers";
import { createBenchStack } from "../stack";
import { type Recorder, turns } from "./recorder";

const LATENCY_MS = 100;
const COMPARED: readonly Peer[] = ["ours", "closure"];

/** A preview of new keys with a Cloudflare that takes 100 ms for each answer, about what it takes over a network. */
export async function measureSlowPreview({ record }: Recorder, keys: number, rounds: number): Promise<void> {
  for (const who of turns(COMPARED, rounds)) {
    const stack = await createBenchStack(who, keys, LATENCY_MS);
    try {
      record({ measure: "slowPreviewSeconds", who, keys, value: await stack.run("preview") });
    } finally {
      await stack.remove();
    }
  }
}
