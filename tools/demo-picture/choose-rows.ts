import { type Line, textOf } from "./styled-lines";

/** A line that is shown, or a mark in place of omitted lines. */
export type Row = Line | "omitted";

interface Omission {
  /** As the picture's caption names it. */
  readonly what: string;
  /** Each match omits all lines that it touches. */
  readonly lines: readonly RegExp[];
}

/** What the picture omits. */
export const OMISSIONS: readonly Omission[] = [
  {
    what: "the engine's progress and totals",
    lines: [
      /^ +\| (?:Previewing update|Updating|Destroying) \(/gm,
      // "+  pulumi:pulumi:Stack demo-dev created (1s)": such lines come in any order.
      /^ +\| [ +~-]*pulumi[^ ]*:\w+ [\w-]+(?: |$)/gm,
      /^ +\| Resources:\n(?: +\| {5}.*\n)*/gm,
      /^ +\| The resources in the stack have been deleted.*\n.*pulumi stack rm/gm,
      /^ +\| *$/gm,
    ],
  },
  {
    what: "most of the configuration",
    // From the line below the title to the end of "connections {".
    lines: [/(?<=^ +\| # branch-1: .*\n)[^]*?\n +\| \}$/gm],
  },
  {
    what: "values that differ in each run",
    lines: [
      /http:\/\/127\.0\.0\.1:/g,
      /\bRay ID\b/g,
      /^ +\| Duration:/gm,
      // IDs, except for the two that are the same in each run.
      /\b(?!0{32}|(?:0123456789abcdef){2})[0-9a-f]{32}\b/g,
    ],
  },
];

/** Returns the rows of the picture: adjacent omitted lines share one mark. */
export function chooseRows(lines: readonly Line[]): Row[] {
  const numbers = omittedIn(lines.map(textOf).join("\n"));
  const rows = lines.map((line, number): Row => (numbers.has(number) ? "omitted" : line));
  return rows.filter((row, index) => row !== "omitted" || rows[index - 1] !== "omitted");
}

/** Returns the rows of the first `count` steps; all rows if there are no more. */
export function firstSteps(rows: readonly Row[], count: number): Row[] {
  const titles = rows.flatMap((row, index) => (row !== "omitted" && /^\d+\. /.test(textOf(row)) ? [index] : []));
  return rows.slice(0, titles[count]);
}

function omittedIn(text: string): ReadonlySet<number> {
  const matches = OMISSIONS.flatMap(({ lines }) => lines.flatMap((pattern) => [...text.matchAll(pattern)]));
  return new Set(
    matches.flatMap(({ 0: match, index }) => {
      const first = breaksIn(text.slice(0, index));
      const count = match.trimEnd().split("\n").length;
      return Array.from({ length: count }, (_, offset) => first + offset);
    }),
  );
}

function breaksIn(text: string): number {
  return text.split("\n").length - 1;
}
