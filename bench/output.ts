import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatted, writeTable } from "../tools/write-page";
import { goalsOf } from "./goals";
import { HEADLINE_PAGE, headlineTable } from "./headline";
import { drawPlots } from "./plots";
import { report } from "./report";
import type { Results } from "./results";
import { SCALES } from "./scale";

const RESULTS = "results.json";

export async function readResults(folder: string): Promise<Results> {
  return JSON.parse(await readFile(join(folder, RESULTS), "utf8")) as Results;
}

/**
 * Writes the samples and everything generated from them. Returns the report.
 *
 * @param isWhole - Whether every measure ran, so that the pages for users may show the results.
 */
export async function writeResults(folder: string, results: Results, isWhole: boolean): Promise<string> {
  const scale = SCALES[results.about.scale];
  const plots = drawPlots(results.samples, scale.keys);
  const text = await formatted("markdown", report(results, goalsOf(scale), plots));

  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, RESULTS), await formatted("json", JSON.stringify(results)));
  await writeFile(join(folder, "RESULTS.md"), text);
  for (const { file, svg } of plots) await writeFile(join(folder, file), svg);
  if (isWhole) await writeTable(HEADLINE_PAGE, "headline", headlineTable(results.samples));
  return text;
}
