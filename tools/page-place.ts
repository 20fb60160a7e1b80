/** A page's text before, in and after the place where a script writes a table, between two comments. */
export function splitAt(name: string, text: string): [before: string, table: string, after: string] {
  const [begin, end] = [`<!-- begin: ${name} -->`, `<!-- end: ${name} -->`];
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  if (from < begin.length || to < from) throw new Error(`There is no place for the table "${name}"`);
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
}
