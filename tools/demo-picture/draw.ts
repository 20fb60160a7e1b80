import type { Row } from "./choose-rows";
import type { Line, Style } from "./styled-lines";
import { wrap } from "./wrap";

export interface Picture {
  /** Shown in the bar of the window. */
  readonly title: string;
  readonly rows: readonly Row[];
  /** Shown below the last row. */
  readonly caption: string;
}

/** The width of a row in characters. */
export const WIDTH = 118;

// Sizes in pixels. A character of a monospace font is about 0.6 times as wide as it is high.
const FONT = 12;
const ROW = 17;
/** The height of the mark of omitted lines. */
const MARK = 14;
const MARGIN = 18;
/** The height of the window's bar. */
const BAR = 30;

// For a dark background: black, red, green, yellow, blue, magenta, cyan, white; then the bright version of each.
const COLORS = [
  "#6e7681 #ff7b72 #3fb950 #d29922 #58a6ff #bc8cff #39c5cf #c9d1d9",
  "#8b949e #ffa198 #56d364 #e3b341 #79c0ff #d2a8ff #56d4dd #f0f6fc",
].flatMap((eight) => eight.split(" "));

const OMITTED_HERE: Line = [{ text: "   ⋮", style: { dim: true } }];

const STYLE = [
  `text { font: ${FONT}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }`,
  "text { fill: #c9d1d9; white-space: pre }",
  ".b { font-weight: bold }",
  ".d { fill: #8b949e }",
  ...COLORS.map((color, index) => `.c${index} { fill: ${color} }`),
].join("\n");

/** Returns the SVG file of a terminal window. Equal pictures give equal bytes. */
export function draw({ title, rows, caption }: Picture): string {
  const width = Math.ceil(WIDTH * FONT * 0.6) + MARGIN * 2;
  const shown = [...rows, [], [{ text: caption, style: { dim: true } }]];
  const texts: string[] = [];
  let bottom = BAR + MARK / 2;
  for (const row of shown) {
    for (const line of row === "omitted" ? [OMITTED_HERE] : wrap(row, WIDTH)) {
      bottom += row === "omitted" ? MARK : ROW;
      if (line.length > 0) texts.push(text(bottom, line));
    }
  }
  const height = bottom + MARGIN;

  const size = `width="${width}" height="${height}"`;
  return `${[
    '<?xml version="1.0" encoding="utf-8"?>' +
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>\n${STYLE}\n</style>`,
    `<rect ${size} rx="8" fill="#0d1117" />`,
    `<rect width="${width}" height="${BAR}" rx="8" fill="#21262d" />`,
    text(20, [{ text: `$ ${title}`, style: { bold: true } }]),
    ...texts,
    "</svg>",
  ].join("\n")}\n`;
}

function text(y: number, line: Line): string {
  const spans = line.map(({ text, style }) => {
    const classes = classesOf(style);
    return classes === "" ? escape(text) : `<tspan class="${classes}">${escape(text)}</tspan>`;
  });
  return `<text x="${MARGIN}" y="${y}">${spans.join("")}</text>`;
}

function classesOf({ bold = false, dim = false, color }: Style): string {
  return [bold ? "b" : "", dim ? "d" : "", color === undefined ? "" : `c${color}`]
    .filter((name) => name !== "")
    .join(" ");
}

/** Escapes a text for XML. A character that XML cannot contain becomes U+FFFD, the replacement character. */
function escape(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
