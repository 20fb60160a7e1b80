import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { splitAt } from "./page";

const ROOT = join(__dirname, "..");

/** Formats a text as `npm run check:format` requires. */
export async function formatted(parser: "json" | "markdown", text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(__filename)), parser });
}

/**
 * Writes a generated text into its place in a page.
 *
 * @param page - Path from the repository's root: "docs/where-it-runs.md".
 * @param name - Name in the comments around the place.
 */
export async function writeInto(page: string, name: string, text: string): Promise<void> {
  const file = join(ROOT, page);
  const [before, , after] = splitAt(name, await readFile(file, "utf8"));
  await writeFile(file, await formatted("markdown", `${before}\n\n${text}\n\n${after}`));
}
