import { FAULTS, type HowLong, type Source } from "./faults";

export const COLUMNS = ["preview", "create", "update", "replace", "plain up", "refresh", "delete"] as const;
export type Column = (typeof COLUMNS)[number];

const UP = [
  "active",
  "active, then not",
  "unverified",
  "never verified",
  "fails, nothing changed",
  "fails, lost",
  "fails, superseded",
] as const;

/** The words that the cells of each column may contain. matrix.md explains them. */
const WORDS = {
  preview: ["validated", "warns", "refused", "refused, key changed", "refused, other changed"],
  create: UP,
  update: UP,
  replace: UP,
  "plain up": ["active", "same", "unseen", "not checked", "missing", "fails, superseded", "asks"],
  refresh: ["same", "unseen", "fails, key stays", "drift", "drift, asks", "gone", "removed"],
  delete: ["no request"],
} as const satisfies Record<Column, readonly string[]>;

export interface Row {
  readonly source: Source;
  readonly fault: string;
  readonly howLong: HowLong;
  readonly cells: { readonly [C in Column]: (typeof WORDS)[C][number] };
}

/**
 * Reads the tables of matrix.md: the first is about generated keys, the second about keys that the program gives.
 *
 * @throws {RangeError} For a missing cell, an unknown word or fault, and a fault that a table leaves out.
 */
export function readMatrix(markdown: string): readonly Row[] {
  const lines = markdown.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const heads = lines.flatMap(([, first], at) => (first === "fault" ? [at] : []));
  const [first = -1, second = -1] = heads;
  return [...readTable(lines.slice(0, second), first, "generated"), ...readTable(lines, second, "set")];
}

function readTable(lines: readonly string[][], head: number, source: Source): readonly Row[] {
  if (lines[head]?.slice(1, -1).join() !== ["fault", "how long", ...COLUMNS].join()) {
    throw new RangeError(`Cannot read the matrix: its columns must be fault, how long, ${COLUMNS.join(", ")}`);
  }
  const rows = lines
    .slice(head + 2)
    .filter((cells) => cells.length > 1)
    .map((cells) => readRow(source, cells.slice(1, -1)));

  const applying = Object.entries(FAULTS).filter(([, { only = source }]) => only === source);
  const expected = applying.flatMap(([fault, { lasts }]) => lasts.map((howLong) => nameOf({ source, fault, howLong })));
  const missing = expected.filter((name) => rows.filter((row) => nameOf(row) === name).length !== 1);
  if (missing.length > 0)
    throw new RangeError(`Cannot read the matrix: it must have each of these rows once: ${missing.join("; ")}`);
  return rows;
}

export function nameOf({ source, fault, howLong }: Pick<Row, "source" | "fault" | "howLong">): string {
  return `${source} key, ${fault}, ${howLong}`;
}

function readRow(source: Source, [fault = "", howLong = "", ...words]: readonly string[]): Row {
  const { lasts = [], only = source } = FAULTS[fault] ?? {};
  if (only !== source || !lasts.some((time) => time === howLong)) {
    throw new RangeError(`Cannot read a row of the matrix: faults.ts has no fault "${fault}", "${howLong}"`);
  }
  const cells = COLUMNS.map((column, at) => {
    const known: readonly string[] = WORDS[column];
    const word = words[at] ?? "";
    if (!known.includes(word)) {
      throw new RangeError(
        `Cannot read "${fault}", ${column}: it must be one of ${known.join("; ")}, but is "${word}"`,
      );
    }
    return [column, word] as const;
  });
  return { source, fault, howLong: howLong as HowLong, cells: Object.fromEntries(cells) as Row["cells"] };
}
