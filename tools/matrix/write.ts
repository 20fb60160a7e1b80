import { writeFile } from "node:fs/promises";
import { formatted, writeInto } from "../write-page";
import { TABLES } from "./pages";
import { RESULTS, type Results } from "./results";

/** Writes the results of a run, and the tables that are generated from them. */
export async function write(results: Results): Promise<void> {
  await writeFile(RESULTS, await formatted("json", JSON.stringify(results)));
  for (const { page, name, make } of TABLES) await writeInto(page, name, make(results));
}
