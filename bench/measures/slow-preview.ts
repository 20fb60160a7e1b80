import { DEFAULTS } from "../../src/provider/settings";
import { type BenchStackOptions, createBenchStack } from "../stack";
import type { Peer } from "../peers";
import type { Measure } from "../results";
import { type Recorder, turns } from "./recorder";

interface Run {
  readonly who: Peer;
  readonly options: BenchStackOptions;
  readonly measures: readonly Measure[];
}

/** A typical response time of Cloudflare over a network. */
const latencyMs = 100;
const { maxPreviewValidations } = DEFAULTS;

const RUNS: readonly Run[] = [
  { who: "ours", options: { latencyMs, maxPreviewValidations }, measures: ["slowPreviewSeconds"] },
  { who: "ours", options: { latencyMs }, measures: ["slowFullPreviewSeconds"] },
  { who: "closure", options: { latencyMs }, measures: ["slowPreviewSeconds", "slowFullPreviewSeconds"] },
];

/** Measures a preview of new keys with a slow Cloudflare: with the default number of validations, and with all of them. */
export async function measureSlowPreview({ record }: Recorder, keys: number, rounds: number): Promise<void> {
  for (const { who, options, measures } of turns(RUNS, rounds)) {
    const stack = await createBenchStack(who, keys, options);
    try {
      const value = await stack.run("preview");
      for (const measure of measures) record({ measure, who, keys, value });
    } finally {
      await stack.remove();
    }
  }
}
