import { FAULTS, type HowLong } from "./faults";

export const COLUMNS = ["preview", "create", "update", "replace", "plain up", "refresh", "delete"] as const;
export type Column = (typeof COLUMNS)[number];

const UP = [
  "active",
  "active, then not",
  "unverified",
  "fails, nothing changed",
  "fails, lost",
  "fails, superseded",
] as const;

/** The words that the cells of each column may contain. matrix.md explains them. */
const WORDS = {
  preview: ["validated", "warns", "refused", "refused, key changed"],
  create: UP,
  update: UP,
  replace: UP,
  "plain up": ["active", "same", "unseen", "not checked", "missing", "fails, superseded", "asks"],
  refresh: ["same", "unseen", "fails, key stays", "drift", "drift, asks", "gone", "removed"],
  delete: ["no request"],
} as const satisfies Record<Column, readonly string[]>;

export interface Row {
  readonly fault: string;
  readonly howLong: HowLong;
  readonly cells: { readonly [C in Column]: (typeof WORDS)[C][number] };
}

/**
 * Reads the table of matrix.md.
 *
 * @throws {RangeError} For a missing cell, an unknown word or fault, and a fault that the table leaves out.
 */
export function readMatrix(markdown: string): readonly Row[] {
  const lines = markdown.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const head = lines.findIndex(([, first]) => first === "fault");
  if (lines[head]?.slice(1, -1).join() !== ["fault", "how long", ...COLUMNS].join()) {
    throw new RangeError(`Cannot read the matrix: its columns must be fault, how long, ${COLUMNS.join(", ")}`);
  }
  const rows = lines
    .slice(head + 2)
    .filter((cells) => cells.length > 1)
    .map((cells) => readRow(cells.slice(1, -1)));

  const expected = Object.entries(FAULTS).flatMap(([fault, { lasts }]) => lasts.map((time) => `${fault}, ${time}`));
  const missing = expected.filter((name) => rows.filter((row) => nameOf(row) === name).length !== 1);
  if (missing.length > 0)
    throw new RangeError(`Cannot read the matrix: it must have each of these rows once: ${missing.join("; ")}`);
  return rows;
}

export function nameOf({ fault, howLong }: Pick<Row, "fault" | "howLong">): string {
  return `${fault}, ${howLong}`;
}

function readRow([fault = "", howLong = "", ...words]: readonly string[]): Row {
  if (!FAULTS[fault]?.lasts.some((time) => time === howLong)) {
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
  return { fault, howLong: howLong as HowLong, cells: Object.fromEntries(cells) as Row["cells"] };
}
