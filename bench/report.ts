import type { Goal } from "./goals";
import { LABELS } from "./labels";
import { groupsOf, type Results, type Sample, valuesOf } from "./results";
import { compare, summarize, type Summary } from "./statistics";

export type Verdict = "met" | "missed" | "not measured";

/** A goal and its verdict. */
export interface Judgement {
  readonly goal: Goal;
  readonly verdict: Verdict;
  readonly ours?: Summary;
  readonly other?: Summary;
  /** Ours divided by the other's, if the goal compares. */
  readonly ratio?: Summary;
}

/** Judges one goal by the medians. */
export function judge(goal: Goal, samples: readonly Sample[]): Judgement {
  const { measure, of = "ours", against, keys, limit, isMinimum = false } = goal;
  const ours = valuesOf(samples, measure, of, keys);
  const others = against === undefined ? [] : valuesOf(samples, measure, against, keys);
  if (ours.length === 0 || (against !== undefined && others.length === 0)) return { goal, verdict: "not measured" };

  const ratio = against === undefined ? undefined : compare(ours, others);
  const { median } = ratio ?? summarize(ours);
  const verdict = (isMinimum ? median >= limit : median <= limit) ? "met" : "missed";
  if (ratio === undefined) return { goal, verdict, ours: summarize(ours) };
  return { goal, verdict, ours: summarize(ours), other: summarize(others), ratio };
}

/** Returns the text of `RESULTS.md`. */
export function report({ about, samples }: Results, goals: readonly Goal[], plots: readonly Plot[]): string {
  const judgements = goals.map((goal) => judge(goal, samples));
  const met = judgements.filter(({ verdict }) => verdict === "met").length;
  return [
    "# Results of the benchmark",
    "",
    "The benchmark writes this page. [README.md](README.md) explains what it measures and what we found;",
    "[results.json](results.json) has every value.",
    "",
    `- Command: \`${about.command}\`, ${about.date}, ${about.minutes.toFixed(1)} minutes`,
    `- Machine: ${about.machine}`,
    `- Versions: ${Object.entries(about.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}`,
    "",
    `## Goals: ${met} of ${goals.length} met`,
    "",
    "Each value is a median, with the range in parentheses. `n` is the number of rounds; each round measures both sides. A ratio",
    "compares the medians; the range is that of single rounds.",
    "",
    "| Measure | This package | Compared with | Ratio | Goal | n | Verdict |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...judgements.map(rowOf),
    "",
    ...plots.flatMap(({ title, file }) => [`## ${title}`, "", `![${title}](${file})`, ""]),
    "## All medians",
    "",
    "| Measure | Keys | Subject | Median | Min | Max | n |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...medianRows(samples),
    "",
  ].join("\n");
}

export interface Plot {
  readonly title: string;
  readonly file: string;
}

/** Returns one row of the table of goals. */
export function rowOf({ goal, verdict, ours, other, ratio }: Judgement): string {
  const { what, against, limit, isMinimum = false } = goal;
  const label = against === undefined ? "" : LABELS[against];
  return cells([
    what,
    ours === undefined ? "" : spread(ours),
    other === undefined ? "" : `${spread(other)} ${label}`,
    ratio === undefined ? "" : spread(ratio),
    `${isMinimum ? "≥" : "≤"} ${limit.toLocaleString("en")}${against === undefined ? "" : ` × ${label}`}`,
    ours === undefined ? "" : String(ours.count),
    verdict === "met" ? verdict : `**${verdict}**`,
  ]);
}

function medianRows(samples: readonly Sample[]): string[] {
  return groupsOf(samples).map(({ measure, who, keys, values }) => {
    const { median, min, max, count } = summarize(values);
    return cells([
      measure,
      keys?.toLocaleString("en") ?? "",
      LABELS[who],
      number(median),
      number(min),
      number(max),
      String(count),
    ]);
  });
}

function cells(texts: readonly string[]): string {
  return `| ${texts.join(" | ")} |`;
}

function spread({ count, median, min, max }: Summary): string {
  return count === 1 ? number(median) : `${number(median)} (${number(min)} to ${number(max)})`;
}

/** Formats a number with three significant digits, and never rounds its integer part. */
function number(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(value || 1)));
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}
