import type { Leak } from "../../support/leaks";
import { type Bench, type Cell, type Seen, startBench, type Stored } from "./bench";
import type { Column, Row } from "./read-matrix";

/** What did not hold, by row; and where a key or a token was found. */
export interface Findings {
  readonly of: (row: Row) => readonly string[];
  readonly leaks: readonly Leak[];
}

/** Takes down what does not hold for one cell. */
type Check = (cell: Cell, holds: boolean, what: string, seen?: Seen) => void;

/** Carries one column out on one stack: every row at once, each with a tunnel and a Cloudflare of its own. */
export async function play(column: Column, rows: readonly Row[]): Promise<Findings> {
  const found = new Map<Row, string[]>(rows.map((row) => [row, []]));
  const bench = await startBench(rows, column === "update" ? ["", REVERTED] : [""]);
  const check: Check = (cell, holds, what, seen) => {
    if (!holds) found.get(cell.row)?.push(`${cell.name}: ${what}${seen === undefined ? "" : `\n${told(seen)}`}`);
  };
  try {
    await PLAYS[column](bench, check);
    return { of: (row) => found.get(row) ?? [], leaks: bench.leaks() };
  } finally {
    await bench.close();
  }
}

const REVERTED = "-reverted";
const isReverted = ({ name }: Cell) => name.endsWith(REVERTED);

const PLAYS: Readonly<Record<Column, (bench: Bench, check: Check) => Promise<void>>> = {
  preview: async (bench, check) => {
    await setUp(bench, check);
    const previewOf = async (cells: readonly Cell[]) => {
      for (const cell of cells) {
        cell.quarter = "Q4";
        await bench.strike(cell, ["validate"]);
      }
      const edge = keysOf(cells);
      const seen = await bench.preview();
      for (const cell of cells) {
        judgePreview(cell, seen(cell), edge.get(cell), check);
        check(cell, cell.strike?.hit() === true, "the fault did not hit");
        await bench.lift(cell);
        cell.quarter = "Q3";
      }
    };
    // A refused resource ends the preview, also for those that were not reached yet.
    const refuses = ({ row }: Cell) => row.cells.preview.startsWith("refused");
    // Proves first that a preview is harmless: else one resource's fault during that proof speaks for all.
    const healthy = bench.cells.filter(({ fault }) => fault.unreachable === undefined && fault.ownBaseUrl !== true);
    for (const cell of healthy.slice(0, 1)) cell.quarter = "Q4";
    await bench.preview();
    await previewOf(bench.cells.filter((cell) => !refuses(cell)));
    for (const cell of bench.cells.filter(refuses)) await previewOf([cell]);
  },

  create: (bench, check) => playUp("create", bench, check),

  update: async (bench, check) => {
    await setUp(bench, check);
    for (const cell of bench.cells) cell.quarter = "Q4";
    await playUp("update", bench, check);
  },

  replace: async (bench, check) => {
    await setUp(bench, check);
    for (const cell of bench.cells) cell.tunnelId = cell.simulator.addTunnel();
    await playUp("replace", bench, check);
  },

  refresh: async (bench, check) => {
    const { cells } = bench;
    const before = await setUp(bench, check);
    for (const cell of cells) await bench.strike(cell, ["list", "get"]);
    // A refresh takes a provider's configuration from the last `up`.
    await bench.up();
    const seen = await bench.refresh();
    for (const cell of cells) {
      judgeRefresh(cell, seen(cell), before.get(cell), check);
      check(cell, cell.strike?.hit() === true, "the fault did not hit");
      await bench.lift(cell);
    }

    const next = await bench.up();
    const asks = ({ row }: Cell) => row.cells.refresh === "drift, asks";
    for (const cell of cells.filter(asks)) judgeQuestion(cell, next(cell), check);
    for (const cell of cells.filter((cell) => !asks(cell) && cell.row.cells.refresh !== "unseen")) {
      isInForce(cell, next(cell), "the next up", check);
    }
    for (const cell of cells) cell.quarter = "Q4";
    const rotated = await bench.up();
    for (const cell of cells) isInForce(cell, rotated(cell), "a rotation", check);
  },

  delete: async (bench, check) => {
    const { cells } = bench;
    await setUp(bench, check);
    for (const cell of cells) await bench.strike(cell, ["list", "get", "generate", "validate", "delete", "update"]);
    await bench.up();
    const edge = keysOf(cells);
    const seen = await bench.destroy();
    for (const cell of cells) {
      const { failed, stored } = seen(cell);
      check(cell, !failed && stored === undefined, "was not deleted", seen(cell));
      check(cell, cell.simulator.requests().length === 0, "sent a request");
      check(cell, keyOf(cell) === edge.get(cell), "changed the edge");
    }
  },
};

/** One key for every cell, with nothing in the way. */
async function setUp(bench: Bench, check: Check): Promise<ReadonlyMap<Cell, Stored | undefined>> {
  const seen = await bench.up();
  for (const cell of bench.cells) isInForce(cell, seen(cell), "the first up", check);
  return new Map(bench.cells.map((cell) => [cell, seen(cell).stored]));
}

/** An `up` under the faults, one that has to mend what failed, and one with a refresh that settles the rest. */
async function playUp(column: "create" | "update" | "replace", bench: Bench, check: Check): Promise<void> {
  const { cells } = bench;
  const before = await storedBefore(column, bench);
  for (const cell of cells) await bench.strike(cell, ["generate"]);
  const edge = keysOf(cells);

  const seen = await bench.up();
  for (const cell of cells) {
    judgeUp(cell, cell.row.cells[column], seen(cell), before.get(cell), edge.get(cell), check);
    check(cell, cell.strike?.hit() === true, "the fault did not hit");
    await bench.lift(cell);
    if (isReverted(cell)) cell.quarter = "Q3";
  }

  const mended = await bench.up();
  for (const cell of cells.filter(({ row }) => row.cells[column] !== "in force, then not")) {
    // With the trigger as it was, an `up` asks for nothing, and so cannot learn what somebody else did.
    if (isReverted(cell) && cell.fault.byOthers === true && cell.row.cells[column] === "fails, nothing changed")
      continue;
    const { failed, stored } = mended(cell);
    const isKnown = stored?.status === "active" || (stored?.status === "unverified" && !seen(cell).failed);
    check(cell, !failed && isKnown && stored.psk === keyOf(cell), "the next up did not mend it", mended(cell));
  }

  const settled = await bench.up({ refresh: true });
  for (const cell of cells) isInForce(cell, settled(cell), "the next up --refresh", check);
}

async function storedBefore(column: string, bench: Bench): Promise<ReadonlyMap<Cell, Stored | undefined>> {
  if (column === "create") return new Map();
  const state = await bench.stored();
  return new Map(bench.cells.map((cell) => [cell, state(cell)]));
}

function judgePreview(cell: Cell, seen: Seen, edge: string | undefined, check: Check): void {
  const { preview: word } = cell.row.cells;
  const { failed, text } = seen;
  const persists = word === "refused, key changed";
  if (cell.fault.byOthers !== true) check(cell, (keyOf(cell) === edge) !== persists, "changed the edge", seen);
  const changes = cell.simulator.requests().filter(({ tookEffect }) => tookEffect);
  check(cell, changes.length > 0 === persists, "a request took effect", seen);

  switch (word) {
    case "validated":
      check(cell, !failed && text.includes("Cloudflare would accept it"), `is not ${word}`, seen);
      break;
    case "warns":
      check(cell, !failed && text.includes("Not validated: "), `does not hold: ${word}`, seen);
      break;
    case "refused":
      check(cell, failed && hasRemedy(text), `is not ${word}`, seen);
      check(cell, text.includes(cell.tunnelId) || text.includes(cell.simulator.accountId), "names nothing", seen);
      break;
    case "refused, key changed":
      check(cell, failed && text.includes("ERR_VALIDATION_PERSISTS"), `is not ${word}`, seen);
      check(cell, text.includes(`has generated a key for IPsec tunnel ${cell.tunnelId}`), "names no tunnel", seen);
  }
}

function judgeUp(
  cell: Cell,
  word: Row["cells"]["create" | "update" | "replace"],
  seen: Seen,
  before: Stored | undefined,
  edge: string | undefined,
  check: Check,
): void {
  const { failed, text, stored } = seen;
  const now = keyOf(cell);
  const must = (holds: boolean, what: string) => {
    check(cell, holds, `${word}: ${what}`, seen);
  };
  // Whatever the table says: nobody may be told that a key is in force that is not.
  must(failed || stored?.status !== "active" || stored.psk === now, "a key counts as in force, and is not");

  if (word.startsWith("fails")) must(failed && hasRemedy(text), "does not fail with a remedy");
  switch (word) {
    case "in force":
    case "in force, then not":
      must(!failed && stored?.status === "active" && stored.psk === now, "is not");
      break;
    case "unverified":
      must(!failed && stored?.status === "unverified" && stored.psk === now, "is not");
      must(text.includes("warning: No read has shown yet"), "does not warn");
      break;
    case "fails, nothing changed":
      must(stored?.all === before?.all, "changed the state");
      must(cell.fault.byOthers === true || now === edge || now === undefined, "changed the edge");
      must(
        cell.simulator.requests().every(({ tookEffect }) => !tookEffect),
        "a request took effect",
      );
      break;
    case "fails, lost":
      if (cell.quarter === "Q4") must(stored?.status === "lost" && stored.psk === before?.psk, "is not marked as lost");
      else must(stored?.all === before?.all, "changed the state");
      break;
    case "fails, superseded":
      must(stored?.status === "superseded" && stored.psk !== now, "is not marked as superseded");
      must(stored?.psk !== before?.psk, "did not keep the key that it received");
  }
}

function judgeRefresh(cell: Cell, seen: Seen, before: Stored | undefined, check: Check): void {
  const { refresh: word } = cell.row.cells;
  const { failed, text, stored } = seen;
  const must = (holds: boolean, what: string) => {
    check(cell, holds, `${word}: ${what}`, seen);
  };
  must(failed === word.startsWith("fails"), failed ? "fails" : "does not fail");
  must((stored === undefined) === (word === "removed"), "removed, or not");
  if (word !== "removed") must(stored?.psk === before?.psk, "another key than before");
  switch (word) {
    case "same":
      must(stored?.status === "active" && stored.psk === keyOf(cell), "the key is not in force");
      break;
    case "unseen":
      must(stored?.status === "active" && stored.psk !== keyOf(cell), "the edge's key is seen, or the same");
      break;
    case "fails, key stays":
      must(stored?.all === before?.all && hasRemedy(text), "changed the state, or names no remedy");
      break;
    case "drift":
    case "drift, asks":
      must(stored?.status === "superseded", "is not marked as superseded");
      break;
    case "gone":
      must(stored?.status === "lost", "is not marked as lost");
      break;
    case "removed":
  }
}

/** `onExternalRotation: "fail"`: the user decides, and is told between what. */
function judgeQuestion(cell: Cell, seen: Seen, check: Check): void {
  check(cell, seen.failed && seen.stored?.status === "superseded", "the next up does not fail", seen);
  check(cell, cell.simulator.requests().length === 0, "the next up sent something", seen);
  const ways = ["changing a rotation trigger", 'onExternalRotation to "regenerate"', "existingKey"];
  check(
    cell,
    ways.every((way) => seen.text.includes(way)),
    "the next up does not name the ways out",
    seen,
  );
}

function isInForce(cell: Cell, seen: Seen, when: string, check: Check): void {
  const { failed, stored } = seen;
  const holds = !failed && stored?.status === "active" && stored.psk === keyOf(cell);
  check(cell, holds, `not in force after ${when}`, seen);
}

function hasRemedy(text: string): boolean {
  return text.includes("What to do: ");
}

function keyOf({ simulator, tunnelId }: Cell): string | undefined {
  return simulator.keyAtEdge(tunnelId);
}

function keysOf(cells: readonly Cell[]): ReadonlyMap<Cell, string | undefined> {
  return new Map(cells.map((cell) => [cell, keyOf(cell)]));
}

/** Without the key itself: what is found is printed. */
function told({ failed, stored, text }: Seen): string {
  return `${failed ? "failed" : "succeeded"}, status ${stored?.status ?? "none: not in the state"}\n${text}`;
}
