import type { Peer } from "./peers";
import type { ScaleName } from "./scale";

/** Who was measured: a peer, or another client, or what is the least possible. */
export type Who = Peer | "undici" | "cloudflare" | "optimum";

/** Each in the unit that its name says. */
export type Measure =
  | "upSeconds"
  | "upNothingSeconds"
  | "previewSeconds"
  | "previewNothingSeconds"
  | "refreshSeconds"
  | "destroySeconds"
  | "slowPreviewSeconds"
  | "slowFullPreviewSeconds"
  | "checkpointBytes"
  | "creationRequestsPerKey"
  | "refreshRequests"
  | "limitedSeconds"
  | "limitedRefusals"
  | "requirePackageMs"
  | "requireProviderMs"
  | "callsPerSecond"
  | "providerPeakMegabytes"
  | "providerRestMegabytes"
  | "installedMegabytes";

/** One value. Those of one measure and size stand in the order in which they were taken, one for each round. */
export interface Sample {
  readonly measure: Measure;
  readonly who: Who;
  /** Resources in the stack, where that matters. */
  readonly keys?: number;
  readonly value: number;
}

/** Where, when and how a run was made. */
export interface About {
  readonly scale: ScaleName;
  readonly command: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly minutes: number;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** What `results.json` holds; the report is made of nothing else. */
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

/** All samples by their groups, in the order in which those first appear. */
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
