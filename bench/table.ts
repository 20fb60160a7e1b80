import { markdownTable } from "../tools/page";
import { type Peer, PEERS } from "./peers";
import { medianOf, type Results, type Sample } from "./samples";

export const LABELS: Readonly<Record<Peer, string>> = {
  native: "Native",
  dynamic: "Dynamic",
  sdk: "SDK",
  floor: "No-op",
};

/** The commands, in the order of the plot and the table. */
export const COMMANDS = {
  previewSeconds: "`pulumi preview` of new keys",
  upSeconds: "`pulumi up` of new keys",
  previewNothingSeconds: "`pulumi preview`, nothing changed",
  upNothingSeconds: "`pulumi up`, nothing changed",
  upWithoutLookSeconds: "`pulumi up`, nothing changed, `detectDrift: false`",
  refreshSeconds: "`pulumi refresh`",
  destroySeconds: "`pulumi destroy`",
};

/** Every measure, with its row's title. */
export const ROWS = {
  ...Object.fromEntries(Object.entries(COMMANDS).map(([measure, title]) => [measure, `${title}, s`])),
  requestsPerCreation: "Requests per new key, verification included",
  requestsPerRefresh: "Requests per refresh",
  stateBytes: "Bytes of state per key",
  startMs: "Start of the provider, ms ¹",
  restMegabytes: "Memory of the provider process, MB ²",
  peakMegabytes: "The same at its peak, MB",
  installedMegabytes: "Installed in addition to `@pulumi/pulumi`, MB",
  limitedSeconds: "2,000 keys under Cloudflare's request limit, virtual s ³",
};

/** Returns what the page shows of a run: where it ran, and the medians. */
export function pageOf({ about, samples }: Results): string {
  const versions = Object.entries(about.versions).map(([name, version]) => `${name} ${version}`);
  const rows = Object.entries(ROWS).map(([measure, title]) => [
    title,
    ...PEERS.map((who) => cell(samples, measure, who)),
  ]);
  return [
    `\`${about.command}\`, ${about.date}: ${about.keys} keys, ${about.rounds === 1 ? "1 round" : `${about.rounds} rounds`}.`,
    `${about.machine}; ${versions.join(", ")}.`,
    ...(about.rounds === 1 ? ["**A short run: its seconds say little.** Run `npm run bench` on a calm machine."] : []),
    "",
    markdownTable(["", ...PEERS.map((who) => LABELS[who])], rows),
  ].join("\n");
}

/** Formats a median with three significant digits, and never rounds its integer part. */
function cell(samples: readonly Sample[], measure: string, who: Peer): string {
  const median = medianOf(samples, measure, who);
  if (median === undefined) return "";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(median || 1)));
  return median.toLocaleString("en", { maximumFractionDigits: digits });
}
