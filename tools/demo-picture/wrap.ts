import type { Line, Span } from "./styled-lines";

/** Stands where a line goes on in the next row. */
const CONTINUED: Span = { text: "     ↳ ", style: { dim: true } };

/** The rows of a line that is longer than `width` characters, broken behind a space where there is one. */
export function wrap(line: Line, width: number): Line[] {
  const rows: Line[] = [];
  let rest: Line = line.flatMap(({ text, style }) => Array.from(text, (character) => ({ text: character, style })));
  while (rest.length + lead(rows) > width) {
    const end = endOfRow(rest, width - lead(rows));
    rows.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...rows, rest].map((row, index) => joinAlike(index === 0 ? row : [CONTINUED, ...row]));
}

/** How many characters the mark takes of the row that comes next. */
function lead(rows: readonly Line[]): number {
  return rows.length === 0 ? 0 : CONTINUED.text.length;
}

function endOfRow(characters: Line, room: number): number {
  const end = characters.slice(0, room).findLastIndex(({ text }) => text === " ") + 1;
  // A space in the indentation is no end of a word.
  return end > room / 2 ? end : room;
}

/** Characters of one style become one span again. */
function joinAlike(line: Line): Line {
  return line.reduce<Span[]>((spans, { text, style }) => {
    const last = spans.at(-1);
    if (last?.style !== style) return [...spans, { text, style }];
    return [...spans.slice(0, -1), { text: last.text + text, style }];
  }, []);
}
