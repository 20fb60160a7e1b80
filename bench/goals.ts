import type { Measure, Who } from "./results";
import type { Scale } from "./scale";

/** One limit in the table of goals. */
export interface Goal {
  readonly what: string;
  readonly measure: Measure;
  readonly keys?: number;
  /** The peer whose value is judged. Default: this package with its dynamic provider. */
  readonly of?: Who;
  /** The peer whose value divides ours. Default: none; the limit applies to the value itself. */
  readonly against?: Who;
  readonly limit: number;
  /** Set if the limit is a minimum. Default: it is a maximum. */
  readonly isMinimum?: true;
}

const LIMITED_KEYS = 2_000;

/** Returns the goals of this package. The scale sets the sizes; the limits are the same at every scale. */
export function goalsOf({ keys, growth, memory, look, native }: Scale): readonly Goal[] {
  const sizes = [...growth.map((size) => size.keys), keys].sort((a, b) => a - b);
  const up = {
    what: `\`pulumi up\` that creates, validates and verifies ${keys} keys, s`,
    measure: "upSeconds",
    keys,
  } as const;
  return [
    { ...up, against: "closure", limit: 1 },
    { ...up, against: "text", limit: 1.25 },
    { ...up, against: "sdk", limit: 0.85 },
    ...COMMANDS.map(([measure, what]): Goal => ({ what, measure, keys, against: "closure", limit: 1.1 })),
    ...LOOK.map(([measure, command, limit]): Goal => ({
      what: `\`pulumi ${command}\` of ${look.keys} keys without changes, with the look for drift, s`,
      measure,
      keys: look.keys,
      against: "withoutLook",
      limit,
    })),
    ...sizes.map((size): Goal => ({
      what: `Growth: \`pulumi up\` of ${size.toLocaleString("en")} keys, s`,
      measure: "upSeconds",
      keys: size,
      against: "closure",
      limit: 1,
    })),
    { what: "Bytes per resource in the checkpoint", measure: "checkpointBytes", limit: 1_650 },
    {
      what: `Requests per creation, with verification, ${keys} keys`,
      measure: "creationRequestsPerKey",
      keys,
      limit: 1.2,
    },
    { what: `Requests per refresh of ${keys} keys, including its preview`, measure: "refreshRequests", keys, limit: 3 },
    {
      what: "2,000 keys under the published request limit, virtual s",
      measure: "limitedSeconds",
      keys: LIMITED_KEYS,
      against: "optimum",
      limit: 1.05,
    },
    {
      what: "2,000 keys under the published request limit, 429 responses",
      measure: "limitedRefusals",
      keys: LIMITED_KEYS,
      limit: 0,
    },
    { what: "`require` of the package, ms", measure: "requirePackageMs", limit: 30 },
    { what: "`require` of `/provider`, including HTTP, ms", measure: "requireProviderMs", limit: 120 },
    { what: "Client calls per second", measure: "callsPerSecond", against: "undici", limit: 0.9, isMinimum: true },
    { what: "Client calls per second", measure: "callsPerSecond", against: "cloudflare", limit: 2, isMinimum: true },
    ...MEMORY.map(([measure, what]): Goal => ({
      what: `${what} ${memory.keys.toLocaleString("en")} keys, MB`,
      measure,
      keys: memory.keys,
      against: "closure",
      limit: 1.1,
    })),
    { what: "MB installed in addition to `@pulumi/pulumi`", measure: "installedMegabytes", limit: 12 },
    ...SLOW.map(([measure, validated]): Goal => ({
      what: `\`pulumi preview\` of ${keys} new keys, responses take 100 ms, ${validated}, s`,
      measure,
      keys,
      against: "closure",
      limit: 1.5,
    })),
    ...nativeGoals(native.keys),
  ];
}

/** Returns the goals of the native provider, at a size of its own. */
function nativeGoals(keys: number): Goal[] {
  const of = "native";
  const up = { what: `Native: \`pulumi up\` that creates ${keys} keys, s`, measure: "upSeconds", keys, of } as const;
  const others = NATIVE_COMMANDS.map(([measure, what, limit]): Goal => {
    return { what: `Native: ${what}, ${keys} keys, s`, measure, keys, of, against: "closure", limit };
  });
  return [
    { ...up, against: "closure", limit: 1.25 },
    { ...up, against: "sdk", limit: 0.8 },
    ...others,
    { what: "Native: `pulumi up` of 5 keys, s", measure: "upSeconds", keys: 5, of, against: "ours", limit: 0.65 },
    { what: "Native: bytes per resource in the checkpoint", measure: "checkpointBytes", of, limit: 1_450 },
    {
      what: `Native: peak memory of the plugin with ${keys} keys, MB`,
      measure: "providerPeakMegabytes",
      keys,
      of,
      limit: 130,
    },
    {
      what: "Native: from the start of the plugin until it prints its port, ms",
      measure: "spawnToPortMs",
      of,
      limit: 200,
    },
  ];
}

const NATIVE_COMMANDS: readonly (readonly [Measure, string, number])[] = [
  ["upNothingSeconds", "`pulumi up` without changes", 1],
  ["previewNothingSeconds", "`pulumi preview` without changes", 1],
  ["refreshSeconds", "`pulumi refresh`", 1],
  ["destroySeconds", "`pulumi destroy`", 0.9],
  ["previewSeconds", "`pulumi preview` of new keys, all validated", 1.25],
];

const COMMANDS: readonly (readonly [Measure, string])[] = [
  ["upNothingSeconds", "`pulumi up` without changes, s"],
  ["previewNothingSeconds", "`pulumi preview` without changes, s"],
  ["previewSeconds", "`pulumi preview` of new keys, all validated, s"],
  ["refreshSeconds", "`pulumi refresh`, s"],
  ["destroySeconds", "`pulumi destroy`, s"],
];

const LOOK: readonly (readonly [Measure, string, number])[] = [
  ["lookPreviewSeconds", "preview", 1.1],
  ["lookUpSeconds", "up", 1.15],
];

const MEMORY: readonly (readonly [Measure, string])[] = [
  ["providerRestMegabytes", "Memory of the provider process after"],
  ["providerPeakMegabytes", "Peak memory of the provider process with"],
];

const SLOW: readonly (readonly [Measure, string])[] = [
  ["slowPreviewSeconds", "60 validated (default)"],
  ["slowFullPreviewSeconds", "all validated"],
];
