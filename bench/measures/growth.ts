import type { Peer } from "../peers";
import type { Scale } from "../scale";
import { createBenchStack } from "../stack";
import { type Recorder, turns } from "./recorder";

const COMPARED: readonly Peer[] = ["ours", "closure"];

/** Measures `pulumi up` of stacks of other sizes. */
export async function measureGrowth({ record }: Recorder, growth: Scale["growth"]): Promise<void> {
  for (const { keys, rounds } of growth) {
    for (const who of turns(COMPARED, rounds)) {
      const stack = await createBenchStack(who, keys);
      try {
        record({ measure: "upSeconds", who, keys, value: await stack.run("up") });
      } finally {
        await stack.remove();
      }
    }
  }
}
