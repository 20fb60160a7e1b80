import { type BenchStack, createBenchStack } from "../stack";
import type { Scale } from "../scale";
import { type Recorder, turns } from "./recorder";

const SUBJECTS = ["ours", "withoutLook"] as const;
type Subject = (typeof SUBJECTS)[number];

/** Measures what the look for drift costs commands that have nothing to do. The two stacks take turns, each with keys of its own. */
export async function measureLook({ record }: Recorder, { keys, rounds }: Scale["look"]): Promise<void> {
  const stacks = new Map<Subject, BenchStack>();
  try {
    for (const who of SUBJECTS) {
      const stack = await createBenchStack("ours", keys, { detectDrift: who === "ours" });
      stacks.set(who, stack);
      await stack.run("up");
      await stack.requests();
    }
    for (const who of turns(SUBJECTS, rounds)) {
      const stack = stacks.get(who);
      if (stack === undefined) continue;
      record({ measure: "lookPreviewSeconds", who, keys, value: await stack.run("preview") });
      record({ measure: "lookUpSeconds", who, keys, value: await stack.run("up") });
      requireLists(await stack.requests(), who);
    }
  } finally {
    for (const stack of stacks.values()) await stack.remove();
  }
}

/** A preview has one phase and an `up` has two. */
function requireLists(operations: readonly string[], who: Subject): void {
  const expected = who === "ours" ? 3 : 0;
  if (operations.length === expected && operations.every((operation) => operation === "list")) return;
  throw new Error(`Cannot use this run: ${who} sent ${operations.join(", ")} instead of ${expected} lists`);
}
