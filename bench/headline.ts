import { markdownTable } from "../tools/markdown-table";
import { LABELS } from "./labels";
import { type Measure, type Sample, valuesOf, type Who } from "./results";
import { SCALES } from "./scale";
import { summarize } from "./statistics";

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
    what: `\`pulumi up\`, ${keys} new keys: ours are validated and verified`,
    measure: "upSeconds",
    keys,
    others: ["sdk", "closure"],
    unit: "s",
  },
  { what: "Bytes of a key in the state", measure: "checkpointBytes", others: ["sdk", "closure"] },
  { what: "Requests for a creation, with its verification", measure: "creationRequestsPerKey", keys, others: [] },
  { what: `Requests for a refresh of ${keys} keys`, measure: "refreshRequests", keys, others: [] },
  {
    what: "2,000 keys under Cloudflare's limit, in virtual time",
    measure: "limitedSeconds",
    keys: 2_000,
    others: ["optimum"],
    unit: "s",
  },
  { what: "Loading the provider, with HTTP", measure: "requireProviderMs", others: ["sdk"], unit: "ms" },
  { what: "Calls per second of the client", measure: "callsPerSecond", others: ["undici", "cloudflare"] },
  {
    what: `Memory of the provider after ${memory.keys.toLocaleString("en")} keys`,
    measure: "providerRestMegabytes",
    keys: memory.keys,
    others: ["closure"],
    unit: "MB",
  },
  { what: "Installed beside `@pulumi/pulumi`", measure: "installedMegabytes", others: ["sdk"], unit: "MB" },
];

/** The page that shows the headline numbers, from the repository's root. */
export const HEADLINE_PAGE = "docs/what-was-proved.md";

/** Medians of a full run, for {@link HEADLINE_PAGE}. */
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
