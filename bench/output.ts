import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { splitAt } from "../tools/page-place";
import { goalsOf } from "./goals";
import { headlineTable } from "./headline";
import { drawPlots } from "./plots";
import { report } from "./report";
import type { Results } from "./results";
import { SCALES } from "./scale";

const RESULTS = "results.json";
const README = join(__dirname, "../README.md");

export async function readResults(folder: string): Promise<Results> {
  return JSON.parse(await readFile(join(folder, RESULTS), "utf8")) as Results;
}

/** Writes the values, and what is made of them. Returns the report. */
export async function writeResults(folder: string, results: Results): Promise<string> {
  const scale = SCALES[results.about.scale];
  const plots = drawPlots(results.samples, scale.keys);
  const text = await formatted("markdown", report(results, goalsOf(scale), plots));

  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, RESULTS), await formatted("json", JSON.stringify(results)));
  await writeFile(join(folder, "RESULTS.md"), text);
  for (const { file, svg } of plots) await writeFile(join(folder, file), svg);
  if (results.about.scale === "full") await writeHeadline(results);
  return text;
}

async function writeHeadline({ samples }: Results): Promise<void> {
  const [before, , after] = splitAt("headline", await readFile(README, "utf8"));
  await writeFile(README, await formatted("markdown", `${before}\n\n${headlineTable(samples)}\n\n${after}`));
}

/** As the repository's own check of formats wants it. */
async function formatted(parser: "markdown" | "json", text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(__filename)), parser });
}
