import {
  allCells,
  AXES,
  AXIS_NAMES,
  type Cell,
  cellsWithNewValues,
  EXCLUSIONS,
  exclusionOf,
  pairsOf,
} from "../../../tools/matrix/cells";

const cells = allCells();

/** Every pair of values of different axes, as a partial cell. */
const PAIRS: readonly Partial<Cell>[] = AXIS_NAMES.flatMap((first, index) =>
  AXIS_NAMES.slice(index + 1).flatMap((second) =>
    AXES[first].flatMap((a) => AXES[second].map((b) => ({ [first]: a, [second]: b }))),
  ),
);

describe("allCells", () => {
  it("contains every pair of values, except for those that an exclusion names", () => {
    const missing = PAIRS.filter(
      (pair) =>
        !cells.some((cell) => Object.entries(pair).every(([axis, value]) => cell[axis as keyof Cell] === value)),
    );

    expect(missing).toEqual(PAIRS.filter((pair) => exclusionOf(pair) !== undefined));
    expect(missing).toHaveLength(EXCLUSIONS.filter(({ values }) => Object.keys(values).length === 2).length);
  });

  it("contains at most 30 cells, and no excluded one", () => {
    expect(cells.length).toBeLessThanOrEqual(30);
    expect(cells.filter((cell) => exclusionOf(cell) !== undefined)).toEqual([]);
  });
});

describe("cellsWithNewValues", () => {
  it("contains every value, in seven cells", () => {
    const few = cellsWithNewValues(cells);

    for (const axis of AXIS_NAMES) {
      expect([...new Set(few.map((cell) => cell[axis]))].sort()).toEqual([...AXES[axis]].sort());
    }
    expect(few).toHaveLength(7);
    expect(cells).toEqual(expect.arrayContaining([...few]));
  });
});

describe("pairsOf", () => {
  it("names every pair of values of a cell", () => {
    const cell: Cell = { node: "20", pulumi: "lowest", typescript: "6", manager: "pnpm", program: "tsx" };

    expect(pairsOf(cell)).toEqual([
      "node 20 & pulumi lowest",
      "node 20 & typescript 6",
      "node 20 & manager pnpm",
      "node 20 & program tsx",
      "pulumi lowest & typescript 6",
      "pulumi lowest & manager pnpm",
      "pulumi lowest & program tsx",
      "typescript 6 & manager pnpm",
      "typescript 6 & program tsx",
      "manager pnpm & program tsx",
    ]);
  });
});
