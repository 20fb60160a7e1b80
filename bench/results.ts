import type { Peer } from "./peers";
import type { ScaleName } from "./scale";

/** The subject of a measurement: a peer, this package without its look for drift, another client, or the calculated optimum. */
export type Who = Peer | "withoutLook" | "undici" | "cloudflare" | "optimum";

/** The unit is part of each name. */
export type Measure =
  | "upSeconds"
  | "upNothingSeconds"
  | "previewSeconds"
  | "previewNothingSeconds"
  | "refreshSeconds"
  | "destroySeconds"
  | "lookUpSeconds"
  | "lookPreviewSeconds"
  | "slowPreviewSeconds"
  | "slowFullPreviewSeconds"
  | "checkpointBytes"
  | "creationRequestsPerKey"
  | "refreshRequests"
  | "limitedSeconds"
  | "limitedRefusals"
  | "requirePackageMs"
  | "requireProviderMs"
  | "spawnToPortMs"
  | "callsPerSecond"
  | "providerPeakMegabytes"
  | "providerRestMegabytes"
  | "installedMegabytes";

/** One value. Samples of one measure and size are in the order of their rounds, one per round. */
export interface Sample {
  readonly measure: Measure;
  readonly who: Who;
  /** Resources in the stack, if the measure depends on it. */
  readonly keys?: number;
  readonly value: number;
}

/** The place, date and command of a run. */
export interface About {
  readonly scale: ScaleName;
  readonly command: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly minutes: number;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** The contents of `results.json`, and the only source of the report. */
export interface Results {
  readonly about: About;
  readonly samples: readonly Sample[];
}

export function valuesOf(samples: readonly Sample[], measure: Measure, who: Who, keys?: number): number[] {
  return samples
    .filter((sample) => sample.measure === measure && sample.who === who && sample.keys === keys)
    .map(({ value }) => value);
}

/** The samples of one measure, size and peer. */
export interface Group extends Omit<Sample, "value"> {
  readonly values: readonly number[];
}

/** Groups the samples, in order of first appearance. */
export function groupsOf(samples: readonly Sample[]): Group[] {
  const groups = new Map(
    samples.map(({ measure, who, keys }) => [`${measure} ${who} ${keys ?? ""}`, { measure, who, keys }]),
  );
  return [...groups.values()].map(({ measure, who, keys }) => ({
    measure,
    who,
    ...(keys !== undefined && { keys }),
    values: valuesOf(samples, measure, who, keys),
  }));
}
