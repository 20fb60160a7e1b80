import { markdownTable } from "../page";
import { type Doc, membersOf } from "./declarations";

/** Where docs/reference.md has the table, and its name there. */
export const INPUT_TABLE = { page: "docs/reference.md", name: "inputs" } as const;

/** Returns the table of inputs, in Markdown, from their declarations. */
export function inputTable(): string {
  const rows = Object.entries(membersOf("psk/inputs.ts", "Inputs")).map(([name, { doc, isOptional }]) => [
    `\`${name}\``,
    [doc.words, ...linksIn(doc)].join(" "),
    capitalized(doc.change ?? ""),
    isOptional ? (doc.defaultsTo ?? "") : "required",
  ]);
  return markdownTable(["Input", "What it is", "A change", "Default"], rows);
}

/** Returns the links of a comment to pages in docs/, as the page of the table has them. */
function linksIn({ see }: Doc): string[] {
  const links = see.filter((reference) => reference.includes("](../../docs/"));
  return links.map((link) => `See ${link.replace(`../../${INPUT_TABLE.page}`, "").replace("../../docs/", "")}.`);
}

function capitalized(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
