export interface Style {
  readonly bold?: boolean;
  readonly dim?: boolean;
  /** One of a terminal's 16 colors, from 0. Default: the terminal's own. */
  readonly color?: number;
}

export interface Span {
  readonly text: string;
  readonly style: Style;
}

export type Line = readonly Span[];

const ESCAPE = "\u001b";
const STYLE_CODES = new RegExp(`${ESCAPE}\\[([\\d;]*)m`);

/**
 * Parses a terminal's output into lines.
 *
 * @throws {Error} for an escape sequence that it cannot read, so that the picture is never wrong.
 */
export function styledLines(output: string): Line[] {
  const lines: Span[][] = [[]];
  let style: Style = {};
  // `split` also returns captured groups, so texts and style codes alternate.
  output.split(STYLE_CODES).forEach((part, index) => {
    if (index % 2 === 1) style = styleAfter(style, part.split(";").map(Number));
    else addText(lines, part, style);
  });
  return lines;
}

function addText(lines: Span[][], text: string, style: Style): void {
  if (text.includes(ESCAPE))
    throw new Error(`Cannot draw the escape sequence in ${JSON.stringify(text)}: it is not a style`);
  const [first = "", ...rest] = text.split("\n");
  if (first !== "") lines.at(-1)?.push({ text: first, style });
  lines.push(...rest.map((line) => (line === "" ? [] : [{ text: line, style }])));
}

/** Applies the codes of "Select Graphic Rendition" that the demo and the engine use. */
function styleAfter(style: Style, [code = 0, ...rest]: readonly number[]): Style {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code >= 30 && code < 38) return { ...style, color: code - 30 };

  const [kind, color = 16] = rest;
  if (code === 38 && kind === 5 && color < 16) return { ...style, color };
  throw new Error(`Cannot draw the style code ${[code, ...rest].join(";")}: it is not supported`);
}

export function textOf(line: Line): string {
  return line.map(({ text }) => text).join("");
}
