/** Returns a Markdown table without padding. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Splits a page at the place of a generated text, which is between two comments. */
export function splitAt(name: string, text: string): [before: string, generated: string, after: string] {
  const [begin, end] = [`<!-- begin: ${name} -->`, `<!-- end: ${name} -->`];
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  if (from < begin.length || to < from)
    throw new Error(`Cannot find the place of "${name}": the page lacks ${begin} or ${end}`);
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
}
