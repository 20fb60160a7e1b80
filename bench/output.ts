import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goalsOf } from "./goals";
import { drawPlots } from "./plots";
import { report } from "./report";
import type { Results } from "./results";
import { SCALES } from "./scale";

const RESULTS = "results.json";

export async function readResults(folder: string): Promise<Results> {
  return JSON.parse(await readFile(join(folder, RESULTS), "utf8")) as Results;
}

/** Writes the values, and what is made of them. Returns the report. */
export async function writeResults(folder: string, results: Results): Promise<string> {
  const { about, samples } = results;
  const scale = SCALES[about.scale];
  const plots = drawPlots(samples, scale.keys);
  const text = report(results, goalsOf(scale), plots);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, RESULTS), toJson(results));
  await writeFile(join(folder, "RESULTS.md"), text);
  for (const { file, svg } of plots) await writeFile(join(folder, file), svg);
  return text;
}

/** A line for each sample, so that two runs can be compared. */
function toJson({ about, samples }: Results): string {
  const lines = samples.map((sample) => `    ${JSON.stringify(sample)}`);
  return `{\n  "about": ${JSON.stringify(about)},\n  "samples": [\n${lines.join(",\n")}\n  ]\n}\n`;
}
