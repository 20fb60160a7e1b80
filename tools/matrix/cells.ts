/** The properties of a user's project, in the order of the tables. */
export const AXES = {
  node: ["20", "22", "24", "26"],
  pulumi: ["lowest", "developed", "newest"],
  typescript: ["none", "5.9", "6", "7"],
  manager: ["npm", "pnpm"],
  program: ["CommonJS", "ES module", "tsx", "esbuild", "esbuild --minify"],
} as const;

export type Axis = keyof typeof AXES;

export const AXIS_NAMES = Object.keys(AXES) as readonly Axis[];

/** One project: a value for each axis. */
export type Cell = { readonly [axis in Axis]: (typeof AXES)[axis][number] };

/** Values that cannot be combined in one project. */
export interface Exclusion {
  readonly values: Partial<Cell>;
  readonly reason: string;
}

export const EXCLUSIONS: readonly Exclusion[] = [
  { values: { node: "20", pulumi: "newest" }, reason: "`@pulumi/pulumi` 3.249 and later require Node.js 22" },
  {
    values: { typescript: "7", manager: "npm" },
    reason: "npm refuses it, because it is outside the peer range of `@pulumi/pulumi`; pnpm installs it",
  },
  {
    values: { typescript: "6", pulumi: "lowest", manager: "npm" },
    reason: "npm refuses it, because `@pulumi/pulumi` accepts TypeScript 6 only from 3.229 on; pnpm installs it",
  },
];

export function exclusionOf(cell: Partial<Cell>): Exclusion | undefined {
  return EXCLUSIONS.find(({ values }) => entriesOf(values).every(([axis, value]) => cell[axis] === value));
}

/**
 * Returns few cells, chosen greedily, in which every possible pair of values occurs at least once.
 */
export function allCells(): readonly Cell[] {
  const possible = everyCombination().filter((cell) => exclusionOf(cell) === undefined);
  const open = new Set(possible.flatMap(pairsOf));
  const cells: Cell[] = [];
  while (open.size > 0) {
    const gain = (cell: Cell) => pairsOf(cell).filter((pair) => open.has(pair)).length;
    const best = possible.reduce((best, cell) => (gain(cell) > gain(best) ? cell : best));
    pairsOf(best).forEach((pair) => open.delete(pair));
    cells.push(best);
  }
  return cells;
}

/** Returns the cells that have a value which no earlier cell has. */
export function cellsWithNewValues(cells: readonly Cell[]): readonly Cell[] {
  const seen = new Set<string>();
  return cells.filter((cell) => {
    const before = seen.size;
    entriesOf(cell).forEach(([axis, value]) => seen.add(`${axis} ${value}`));
    return seen.size > before;
  });
}

/** Returns every pair of values of a cell, such as `node 20 & manager npm`. */
export function pairsOf(cell: Cell): readonly string[] {
  const values = AXIS_NAMES.map((axis) => `${axis} ${cell[axis]}`);
  return values.flatMap((first, index) => values.slice(index + 1).map((second) => `${first} & ${second}`));
}

function everyCombination(): readonly Cell[] {
  const cells = AXIS_NAMES.reduce<readonly Partial<Cell>[]>(
    (cells, axis) => cells.flatMap((cell) => AXES[axis].map((value) => ({ ...cell, [axis]: value }))),
    [{}],
  );
  return cells as readonly Cell[];
}

function entriesOf(cell: Partial<Cell>): [Axis, string][] {
  return Object.entries(cell) as [Axis, string][];
}
