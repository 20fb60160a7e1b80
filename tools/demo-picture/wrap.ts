import type { Line, Span } from "./styled-lines";

/** Marks a row that continues a line. */
const CONTINUED: Span = { text: "     ↳ ", style: { dim: true } };

/** Breaks a line into rows of at most `width` characters, after a space where possible. */
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

/** Returns the number of characters that the mark takes in the next row. */
function lead(rows: readonly Line[]): number {
  return rows.length === 0 ? 0 : CONTINUED.text.length;
}

function endOfRow(characters: Line, room: number): number {
  const end = characters.slice(0, room).findLastIndex(({ text }) => text === " ") + 1;
  // A space in the indentation does not end a word.
  return end > room / 2 ? end : room;
}

/** Joins adjacent characters of one style into one span. */
function joinAlike(line: Line): Line {
  return line.reduce<Span[]>((spans, { text, style }) => {
    const last = spans.at(-1);
    if (last?.style !== style) return [...spans, { text, style }];
    return [...spans.slice(0, -1), { text: last.text + text, style }];
  }, []);
}
