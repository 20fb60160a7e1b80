import type { Goal } from "./goals";
import { LABELS } from "./labels";
import { groupsOf, type Results, type Sample, valuesOf } from "./results";
import { compare, summarize, type Summary } from "./statistics";

export type Verdict = "met" | "missed" | "not measured";

/** A goal, and what became of it. */
export interface Judgement {
  readonly goal: Goal;
  readonly verdict: Verdict;
  readonly ours?: Summary;
  readonly other?: Summary;
  /** Ours by the other's, for a goal that compares. */
  readonly ratio?: Summary;
}

/** Holds one goal against what was measured: by medians. */
export function judge(goal: Goal, samples: readonly Sample[]): Judgement {
  const { measure, against, keys, limit, isLeast = false } = goal;
  const ours = valuesOf(samples, measure, "ours", keys);
  const others = against === undefined ? [] : valuesOf(samples, measure, against, keys);
  if (ours.length === 0 || (against !== undefined && others.length === 0)) return { goal, verdict: "not measured" };

  const ratio = against === undefined ? undefined : compare(ours, others);
  const { median } = ratio ?? summarize(ours);
  const verdict = (isLeast ? median >= limit : median <= limit) ? "met" : "missed";
  if (ratio === undefined) return { goal, verdict, ours: summarize(ours) };
  return { goal, verdict, ours: summarize(ours), other: summarize(others), ratio };
}

/** The whole of `RESULTS.md`. */
export function report({ about, samples }: Results, goals: readonly Goal[], plots: readonly Plot[]): string {
  const judgements = goals.map((goal) => judge(goal, samples));
  const met = judgements.filter(({ verdict }) => verdict === "met").length;
  return [
    "# Results of the benchmark",
    "",
    "Written by the benchmark; what it measures and what was found is in [README.md](README.md), every value in",
    "[results.json](results.json).",
    "",
    `- Command: \`${about.command}\`, ${about.date}, ${about.minutes.toFixed(1)} minutes`,
    `- Machine: ${about.machine}`,
    `- Versions: ${Object.entries(about.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}`,
    "",
    `## Goals: ${met} of ${goals.length} met`,
    "",
    "Medians, with the least and the most in brackets. `n` is how many times each side was measured, in turns. A ratio is of the",
    "medians; its brackets hold the least and the most that a single turn showed.",
    "",
    "| measure | this package | the other | ratio | goal | n | verdict |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...judgements.map(rowOf),
    "",
    ...plots.flatMap(({ title, file }) => [`## ${title}`, "", `![${title}](${file})`, ""]),
    "## All medians",
    "",
    "| measure | keys | who | median | least | most | n |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...medianRows(samples),
    "",
  ].join("\n");
}

export interface Plot {
  readonly title: string;
  readonly file: string;
}

/** One row of the table of goals. */
export function rowOf({ goal, verdict, ours, other, ratio }: Judgement): string {
  const { what, against, limit, isLeast = false } = goal;
  const label = against === undefined ? "" : LABELS[against];
  return cells([
    what,
    ours === undefined ? "" : spread(ours),
    other === undefined ? "" : `${spread(other)} ${label}`,
    ratio === undefined ? "" : spread(ratio),
    `${isLeast ? "≥" : "≤"} ${limit.toLocaleString("en")}${against === undefined ? "" : ` × ${label}`}`,
    ours === undefined ? "" : String(ours.count),
    verdict === "met" ? verdict : `**${verdict}**`,
  ]);
}

function medianRows(samples: readonly Sample[]): string[] {
  return groupsOf(samples).map(({ measure, who, keys, values }) => {
    const { median, least, most, count } = summarize(values);
    return cells([
      measure,
      keys?.toLocaleString("en") ?? "",
      LABELS[who],
      number(median),
      number(least),
      number(most),
      String(count),
    ]);
  });
}

function cells(texts: readonly string[]): string {
  return `| ${texts.join(" | ")} |`;
}

function spread({ count, median, least, most }: Summary): string {
  return count === 1 ? number(median) : `${number(median)} (${number(least)} to ${number(most)})`;
}

/** Three digits, or all before the point. */
function number(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(value || 1)));
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}
