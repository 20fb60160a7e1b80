import { markdownTable } from "../tools/markdown-table";
import { LABELS } from "./labels";
import { type Measure, type Sample, valuesOf, type Who } from "./results";
import { SCALES } from "./scale";
import { summarize } from "./statistics";

/** The page that shows the table, from the repository's root. */
export const HEADLINE_PAGE = "docs/what-was-proved.md";

interface Row {
  readonly what: string;
  readonly measure: Measure;
  readonly keys?: number;
  readonly others: readonly Who[];
  readonly unit?: string;
}

const { keys, memory } = SCALES.full;

const ROWS: readonly Row[] = [
  {
    what: `\`pulumi up\` of ${keys} new keys; only this package validates and verifies them`,
    measure: "upSeconds",
    keys,
    others: ["sdk", "closure"],
    unit: "s",
  },
  { what: "Bytes per key in the state", measure: "checkpointBytes", others: ["sdk", "closure"] },
  { what: "Requests per creation, including verification", measure: "creationRequestsPerKey", keys, others: [] },
  { what: `Requests per refresh of ${keys} keys`, measure: "refreshRequests", keys, others: [] },
  {
    what: "2,000 keys under Cloudflare's request limit, in virtual time",
    measure: "limitedSeconds",
    keys: 2_000,
    others: ["optimum"],
    unit: "s",
  },
  { what: "Loading the provider, including HTTP", measure: "requireProviderMs", others: ["sdk"], unit: "ms" },
  { what: "Client calls per second", measure: "callsPerSecond", others: ["undici", "cloudflare"] },
  {
    what: `Memory of the provider process after ${memory.keys.toLocaleString("en")} keys`,
    measure: "providerRestMegabytes",
    keys: memory.keys,
    others: ["closure"],
    unit: "MB",
  },
  { what: "Installed in addition to `@pulumi/pulumi`", measure: "installedMegabytes", others: ["sdk"], unit: "MB" },
];

/** Returns the table of costs for people who choose a package: medians of a full run. */
export function headlineTable(samples: readonly Sample[]): string {
  const median = ({ measure, keys, unit }: Row, who: Who) => {
    const value = Number(summarize(valuesOf(samples, measure, who, keys)).median.toPrecision(3));
    const text = value.toLocaleString("en");
    return unit === undefined ? text : `${text} ${unit}`;
  };
  const rows = ROWS.map((row) => [
    row.what,
    median(row, "ours"),
    row.others.map((who) => `${median(row, who)} ${LABELS[who]}`).join(", "),
  ]);
  return markdownTable(["", "This package", "Others"], rows);
}
