import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { splitAt } from "../page-place";
import { TABLES } from "./pages";
import { RESULTS, type Results } from "./results";

const ROOT = join(__dirname, "../..");

/** Writes what a run found, and the tables that are made of it, in the repository's format. */
export async function write(results: Results): Promise<void> {
  await writeFormatted(RESULTS, "json", JSON.stringify(results));
  for (const { page, name, make } of TABLES) {
    const file = join(ROOT, page);
    const [before, , after] = splitAt(name, await readFile(file, "utf8"));
    await writeFormatted(file, "markdown", `${before}\n\n${make(results)}\n\n${after}`);
  }
}

async function writeFormatted(file: string, parser: "json" | "markdown", text: string): Promise<void> {
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), parser }));
}
