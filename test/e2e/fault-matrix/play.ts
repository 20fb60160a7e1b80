import type { Operation } from "../../../src/simulator";
import { OPERATIONS } from "../../../src/simulator/route";
import { DYNAMIC, type Kind } from "../../support/engine";
import type { Leak } from "../../support/leaks";
import { type Cell, HEALTHY, type MatrixStack, type Seen, startMatrixStack, type Stored } from "./matrix-stack";
import type { Source } from "./faults";
import type { Column, Row } from "./read-matrix";

/** What did not hold, by row; and where a key or a token was found. */
export interface Findings {
  readonly of: (row: Row) => readonly string[];
  readonly leaks: readonly Leak[];
}

/** Records what does not hold for one cell. */
type Check = (cell: Cell, holds: boolean, what: string, seen?: Seen) => void;

/** Carries out one column on one stack: all rows together, each with a tunnel and a Cloudflare of its own. */
export async function play(column: Column, rows: readonly Row[], kind: Kind = DYNAMIC): Promise<Findings> {
  const found = new Map<Row, string[]>(rows.map((row) => [row, []]));
  const stack = await startMatrixStack(kind, rows, {
    variants: column === "update" ? ["", REVERTED] : [""],
    // The plugin proves in each preview that validate_only is harmless: a fault during that proof would count for all.
    alone: kind.kind === "native" && column === "preview",
  });
  const check: Check = (cell, holds, what, seen) => {
    if (!holds) found.get(cell.row)?.push(`${cell.name}: ${what}${seen === undefined ? "" : `\n${told(seen)}`}`);
  };
  try {
    await PLAYS[column](stack, check);
    return { of: (row) => found.get(row) ?? [], leaks: stack.leaks() };
  } finally {
    await stack.close();
  }
}

const SOURCES: readonly Source[] = ["generated", "set"];
const REVERTED = "-reverted";
const isReverted = ({ name }: Cell) => name.endsWith(REVERTED);

const PLAYS: Readonly<Record<Column, (stack: MatrixStack, check: Check) => Promise<void>>> = {
  preview: async (stack, check) => {
    await setUp(stack);
    const previewOf = async (cells: readonly Cell[]) => {
      for (const cell of cells) {
        cell.quarter = "Q4";
        await stack.strike(cell, [cell.row.source === "set" ? "validateSet" : "validate"]);
      }
      const edge = keysOf(cells);
      const seen = await stack.preview(cells);
      for (const cell of cells) {
        judgePreview(cell, seen(cell), edge.get(cell), check);
        check(cell, cell.strike?.hit() === true, "the fault did not hit");
        await stack.lift(cell);
        cell.quarter = "Q3";
      }
    };
    // A refused resource ends the preview, even for those that were not reached yet.
    const refuses = ({ row }: Cell) => row.cells.preview.startsWith("refused");
    // Proves first that a preview is harmless: otherwise, one resource's fault during that proof counts for all.
    const healthy = SOURCES.flatMap((source) => {
      const cell = stack.cells.find(({ row, providerName }) => row.source === source && HEALTHY.includes(providerName));
      return cell ?? [];
    });
    for (const cell of healthy) cell.quarter = "Q4";
    await stack.preview(healthy);
    await previewOf(stack.cells.filter((cell) => !refuses(cell)));
    for (const cell of stack.cells.filter(refuses)) await previewOf([cell]);
  },

  create: (stack, check) => playUp("create", stack, check),

  update: async (stack, check) => {
    await setUp(stack);
    for (const cell of stack.cells) cell.quarter = "Q4";
    await playUp("update", stack, check);
  },

  replace: async (stack, check) => {
    await setUp(stack);
    for (const cell of stack.cells) cell.tunnelId = cell.simulator.addTunnel();
    await playUp("replace", stack, check);
  },

  "plain up": async (stack, check) => {
    const { cells } = stack;
    const before = await setUp(stack);
    // What this column is about; the faults in which someone else changes the key do that by themselves.
    for (const { fault, simulator, tunnelId } of cells) if (fault.byOthers !== true) simulator.rotate(tunnelId);
    for (const cell of cells) await stack.strike(cell, ["list"]);
    const seen = await stack.up();
    for (const cell of cells) {
      judgePlainUp(cell, seen(cell), before.get(cell), check);
      // If another cell's 429 reaches their process first, it sends nothing that a fault could hit, and says so.
      const isHeldBack = seen(cell).announced.includes("request limit is nearly reached");
      check(cell, isHeldBack || cell.strike?.hit() === true, "the fault did not hit");
      await stack.lift(cell);
    }

    await judgeRecovery(stack, "plain up", check);
  },

  refresh: async (stack, check) => {
    const { cells } = stack;
    const before = await setUp(stack);
    // A refresh takes a provider's configuration from the last `up`.
    cells.forEach(stack.aim);
    await stack.up();
    for (const cell of cells) await stack.strike(cell, ["list", "get"]);
    const seen = await stack.refresh();
    for (const cell of cells) {
      judgeRefresh(cell, seen(cell), before.get(cell), check);
      check(cell, cell.strike?.hit() === true, "the fault did not hit");
      await stack.lift(cell);
    }

    await judgeRecovery(stack, "refresh", check);
  },

  delete: async (stack, check) => {
    const { cells } = stack;
    await setUp(stack);
    cells.forEach(stack.aim);
    await stack.up();
    for (const cell of cells) await stack.strike(cell, OPERATIONS);
    const edge = keysOf(cells);
    const seen = await stack.destroy();
    for (const cell of cells) {
      const { failed, stored } = seen(cell);
      check(cell, !failed && stored === undefined, "was not deleted", seen(cell));
      check(cell, cell.simulator.requests().length === 0, "sent a request");
      check(cell, keyOf(cell) === edge.get(cell), "changed the edge");
    }
  },
};

/** Generates a key for every cell, without faults. */
async function setUp(stack: MatrixStack): Promise<ReadonlyMap<Cell, Stored | undefined>> {
  const seen = await stack.up();
  const failed = stack.cells.filter((cell) => !isRight(cell, seen(cell)));
  if (failed.length > 0) {
    const why = failed.map((cell) => `${cell.name}: ${told(seen(cell))}`).join("\n");
    throw new Error(`Cannot play this column: the first up, without a fault, left keys that are not active:\n${why}`);
  }
  return new Map(stack.cells.map((cell) => [cell, seen(cell).stored]));
}

/** Runs an `up` under the faults, one that has to repair what failed, and one with a refresh that settles the rest. */
async function playUp(column: "create" | "update" | "replace", stack: MatrixStack, check: Check): Promise<void> {
  const { cells } = stack;
  const before = await storedBefore(column, stack);
  for (const cell of cells) await stack.strike(cell, [changing(cell)]);
  const edge = keysOf(cells);

  const seen = await stack.up();
  for (const cell of cells) {
    judgeUp(cell, cell.row.cells[column], seen(cell), before.get(cell), edge.get(cell), check);
    check(cell, cell.strike?.hit() === true, "the fault did not hit");
    await stack.lift(cell);
    if (isReverted(cell)) cell.quarter = "Q3";
  }

  const repaired = await stack.up();
  for (const cell of cells) {
    const { failed, stored } = repaired(cell);
    const mayBeUnverified = !seen(cell).failed || cell.fault.neverVerified === true;
    const isKnown = stored?.status === "active" || (stored?.status === "unverified" && mayBeUnverified);
    check(cell, !failed && isKnown && stored.psk === keyOf(cell), "the next up did not repair it", repaired(cell));
  }

  const settled = await stack.up({ refresh: true });
  for (const cell of cells) checkRight(cell, settled(cell), "the next up --refresh", check);
}

function changing({ row }: Cell): Operation {
  return row.source === "set" ? "set" : "generate";
}

async function storedBefore(column: string, stack: MatrixStack): Promise<ReadonlyMap<Cell, Stored | undefined>> {
  if (column === "create") return new Map();
  const state = await stack.stored();
  return new Map(stack.cells.map((cell) => [cell, state(cell)]));
}

function judgePreview(cell: Cell, seen: Seen, edge: string | undefined, check: Check): void {
  const { preview: word } = cell.row.cells;
  const { failed, text } = seen;
  const persists = word === "refused, key changed" || word === "refused, other changed";
  const isChanged = word === "refused, key changed";
  if (cell.fault.byOthers !== true) check(cell, (keyOf(cell) === edge) !== isChanged, "changed the edge", seen);
  const changes = cell.simulator.requests().filter(({ tookEffect }) => tookEffect);
  check(cell, changes.length > 0 === persists, "a request took effect", seen);

  switch (word) {
    case "validated":
      check(cell, !failed && text.includes("Cloudflare would accept this"), `is not ${word}`, seen);
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
      break;
    case "refused, other changed":
      check(cell, failed && text.includes("ERR_VALIDATION_PERSISTS"), `is not ${word}`, seen);
      check(cell, text.includes("has set a key on IPsec tunnel") && !text.includes(cell.tunnelId), "names it", seen);
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
  // Whatever the table says: no key may count as active that is not.
  must(failed || stored?.status !== "active" || stored.psk === now, "a key counts as active, and is not");

  if (word.startsWith("fails")) must(failed && hasRemedy(text), "does not fail with a remedy");
  switch (word) {
    case "active":
    case "active, then not":
      must(!failed && stored?.status === "active" && stored.psk === now, "is not");
      break;
    case "unverified":
    case "never verified":
      must(!failed && stored?.status === "unverified" && stored.psk === now, "is not");
      must(text.includes("warning: This key has not been verified yet"), "does not warn");
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

function judgePlainUp(cell: Cell, seen: Seen, before: Stored | undefined, check: Check): void {
  const word = cell.row.cells["plain up"];
  const { failed, text, announced, stored } = seen;
  const must = (holds: boolean, what: string) => {
    check(cell, holds, `${word}: ${what}`, seen);
  };
  const isUnchanged = stored?.all === before?.all && cell.simulator.requests().every(({ tookEffect }) => !tookEffect);
  switch (word) {
    case "active":
      must(isRight(cell, seen), "the key is not active");
      // A key that the program gives is set again.
      must((stored?.psk !== before?.psk) === (cell.row.source === "generated"), "kept a key that is not active");
      break;
    case "same":
      must(!failed && isUnchanged && stored?.psk === keyOf(cell), "changed something, or the key is not active");
      break;
    case "unseen":
      must(!failed && isUnchanged && stored?.psk !== keyOf(cell), "changed something, or the key is active");
      break;
    case "not checked":
      must(!failed && isUnchanged, "changed something");
      must(announced.includes("Drift was not checked in account"), "does not say so");
      must(cell.fault.unreachable === undefined || cell.simulator.requests().length === 0, "sent a request");
      break;
    case "missing":
      must(
        !failed && isUnchanged && announced.includes("run `pulumi refresh`"),
        "changed something, or names no command",
      );
      break;
    case "fails, superseded":
    case "asks":
      must(failed && hasRemedy(text) && stored?.status === "superseded", "does not fail with a mark");
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
      must(isRight(cell, seen), "the key is not active");
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

/** Judges the next `up` after the fault, by the cell's word, and then a rotation, which makes every cell active. */
async function judgeRecovery(stack: MatrixStack, column: "plain up" | "refresh", check: Check): Promise<void> {
  const { cells } = stack;
  const next = await stack.up();
  const asks = ({ row }: Cell) => row.cells[column] === (column === "refresh" ? "drift, asks" : "asks");
  for (const cell of cells.filter(asks)) judgeQuestion(cell, next(cell), check);
  for (const cell of cells.filter((cell) => !asks(cell) && cell.row.cells[column] !== "unseen")) {
    checkRight(cell, next(cell), "the next up", check);
  }
  for (const cell of cells) cell.quarter = "Q4";
  const rotated = await stack.up();
  for (const cell of cells) checkRight(cell, rotated(cell), "a rotation", check);
}

/** `onExternalRotation: "fail"`: the user decides, and the message names the choices. */
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

function checkRight(cell: Cell, seen: Seen, when: string, check: Check): void {
  check(cell, isRight(cell, seen), `not active after ${when}`, seen);
}

/** Tells whether the state has the key at the edge, verified if that is possible. */
function isRight(cell: Cell, { failed, stored }: Seen): boolean {
  const status = cell.fault.neverVerified === true ? "unverified" : "active";
  return !failed && stored?.status === status && stored.psk === keyOf(cell);
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

/** Describes what was seen, without the key itself, because findings are printed. */
function told({ failed, stored, text, announced }: Seen): string {
  const result = `${failed ? "failed" : "succeeded"}, status ${stored?.status ?? "none: not in the state"}`;
  return [result, text, announced].filter((part) => part !== "").join("\n");
}
