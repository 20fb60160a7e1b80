import type { Measure, Who } from "./results";
import type { Scale } from "./scale";

/** One limit of the table of goals. */
export interface Goal {
  readonly what: string;
  readonly measure: Measure;
  readonly keys?: number;
  /** Whose value ours is divided by. Default: nobody's, the value itself is limited. */
  readonly against?: Who;
  readonly limit: number;
  /** Default: the limit is the most that is allowed. */
  readonly isLeast?: true;
}

const LIMITED_KEYS = 2_000;

/** What this package is held against. The sizes are the scale's; the limits are the same at every scale. */
export function goalsOf({ keys, growth, memory }: Scale): readonly Goal[] {
  const sizes = [...growth.map((size) => size.keys), keys].sort((a, b) => a - b);
  const up = {
    what: `\`pulumi up\`, ${keys} keys created, validated and verified, s`,
    measure: "upSeconds",
    keys,
  } as const;
  return [
    { ...up, against: "closure", limit: 1 },
    { ...up, against: "text", limit: 1.25 },
    { ...up, against: "sdk", limit: 0.85 },
    ...COMMANDS.map(([measure, what]): Goal => ({ what, measure, keys, against: "closure", limit: 1.1 })),
    ...sizes.map((size): Goal => ({
      what: `growth: \`pulumi up\`, ${size.toLocaleString("en")} keys, s`,
      measure: "upSeconds",
      keys: size,
      against: "closure",
      limit: 1,
    })),
    { what: "bytes of a resource in the checkpoint", measure: "checkpointBytes", limit: 1_650 },
    {
      what: `requests for each of ${keys} creations, with verification`,
      measure: "creationRequestsPerKey",
      keys,
      limit: 1.2,
    },
    { what: `requests for a refresh of ${keys}, with its preview`, measure: "refreshRequests", keys, limit: 3 },
    {
      what: "2,000 keys under the published limit, virtual s",
      measure: "limitedSeconds",
      keys: LIMITED_KEYS,
      against: "optimum",
      limit: 1.05,
    },
    { what: "2,000 keys under the published limit, 429s", measure: "limitedRefusals", keys: LIMITED_KEYS, limit: 0 },
    { what: "`require` of the package, ms", measure: "requirePackageMs", limit: 30 },
    { what: "`require` of `/provider`, with HTTP, ms", measure: "requireProviderMs", limit: 120 },
    { what: "client calls per second", measure: "callsPerSecond", against: "undici", limit: 0.9, isLeast: true },
    { what: "client calls per second", measure: "callsPerSecond", against: "cloudflare", limit: 2, isLeast: true },
    ...MEMORY.map(([measure, when]): Goal => ({
      what: `memory of the provider process, ${when} ${memory.keys.toLocaleString("en")} keys, MB`,
      measure,
      keys: memory.keys,
      against: "closure",
      limit: 1.1,
    })),
    { what: "MB installed beside `@pulumi/pulumi`", measure: "installedMegabytes", limit: 12 },
    ...SLOW.map(([measure, budget]): Goal => ({
      what: `\`pulumi preview\`, ${keys} new keys, answers take 100 ms, ${budget}, s`,
      measure,
      keys,
      against: "closure",
      limit: 1.5,
    })),
  ];
}

const COMMANDS: readonly (readonly [Measure, string])[] = [
  ["upNothingSeconds", "`pulumi up`, nothing to do, s"],
  ["previewNothingSeconds", "`pulumi preview`, nothing to do, s"],
  ["previewSeconds", "`pulumi preview`, all keys new and validated, s"],
  ["refreshSeconds", "`pulumi refresh`, s"],
  ["destroySeconds", "`pulumi destroy`, s"],
];

const MEMORY: readonly (readonly [Measure, string])[] = [
  ["providerRestMegabytes", "after"],
  ["providerPeakMegabytes", "peak of"],
];

const SLOW: readonly (readonly [Measure, string])[] = [
  ["slowPreviewSeconds", "60 validated (default)"],
  ["slowFullPreviewSeconds", "all validated"],
];
