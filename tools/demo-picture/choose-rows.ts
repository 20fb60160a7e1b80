import { type Line, textOf } from "./styled-lines";

/** A line that is shown, or the mark of lines that are not. */
export type Row = Line | "left out";

interface Choice {
  /** In the words of the picture's caption. */
  readonly what: string;
  /** Each match leaves out the lines that it touches. */
  readonly lines: readonly RegExp[];
}

/** What the picture does not show. */
export const LEFT_OUT: readonly Choice[] = [
  {
    what: "the engine's progress and sums",
    lines: [
      /^ +\| (?:Previewing update|Updating|Destroying) \(/gm,
      // "+  pulumi:pulumi:Stack demo-dev created (1s)", which come in any order.
      /^ +\| [ +~-]*pulumi[^ ]*:\w+ [\w-]+(?: |$)/gm,
      /^ +\| Resources:\n(?: +\| {5}.*\n)*/gm,
      /^ +\| The resources in the stack have been deleted.*\n.*pulumi stack rm/gm,
      /^ +\| *$/gm,
    ],
  },
  {
    what: "most of the configuration",
    lines: [/^ +\| # Traffic enters [^]*?\n +\| \}$/gm],
  },
  {
    what: "what differs in each run",
    lines: [
      /http:\/\/127\.0\.0\.1:/g,
      /\bRay ID\b/g,
      /^ +\| Duration:/gm,
      // These two are the same in each run.
      /\b(?!0{32}|(?:0123456789abcdef){2})[0-9a-f]{32}\b/g,
    ],
  },
];

/** Lines next to each other that are left out have one mark. */
export function chooseRows(lines: readonly Line[]): Row[] {
  const numbers = leftOutIn(lines.map(textOf).join("\n"));
  const rows = lines.map((line, number): Row => (numbers.has(number) ? "left out" : line));
  return rows.filter((row, index) => row !== "left out" || rows[index - 1] !== "left out");
}

function leftOutIn(text: string): ReadonlySet<number> {
  const matches = LEFT_OUT.flatMap(({ lines }) => lines.flatMap((pattern) => [...text.matchAll(pattern)]));
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
