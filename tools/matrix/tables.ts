import { markdownTable } from "../markdown-table";
import { AXES, type Axis, AXIS_NAMES, type Cell, exclusionOf } from "./cells";
import type { Results, Versions } from "./results";

const TITLES: Readonly<Record<Axis, string>> = {
  node: "Node.js",
  pulumi: "`@pulumi/pulumi`",
  typescript: "TypeScript",
  manager: "Package manager",
  program: "The program runs as",
};

/** Every version that was tried, by axis. */
export function valuesTable({ cells, cli, date }: Results): string {
  const versionsOf = (axis: Axis) =>
    AXES[axis].map((value) => {
      const { versions } = cells.find(({ cell }) => cell[axis] === value) ?? {};
      if (versions === undefined) throw new Error(`No cell has ${axis} ${value}`);
      return versions[axis];
    });
  return markdownTable(
    ["", `Tried in ${cells.length} projects on ${date}`],
    [...AXIS_NAMES.map((axis) => [TITLES[axis], versionsOf(axis).join(", ")]), ["Pulumi CLI", cli.replace(/^v/, "")]],
  );
}

/** Every project that was made. */
export function cellsTable({ cells }: Results): string {
  return markdownTable(
    ["", ...AXIS_NAMES.map((axis) => TITLES[axis])],
    cells.map(({ versions }, index) => [String(index + 1), ...AXIS_NAMES.map((axis) => versions[axis])]),
  );
}

/** What cannot be installed in one project, and why. */
export function exclusionsTable({ cells, excluded }: Results): string {
  const withVersion = (values: Partial<Cell>) => {
    const { versions } = cells.find(({ cell }) => cell.pulumi === values.pulumi) ?? {};
    return versions === undefined ? values : { ...values, pulumi: versions.pulumi };
  };
  return markdownTable(
    ["Not together", "Reason"],
    excluded.map((values) => [nameOf(withVersion(values)), exclusionOf(values)?.reason ?? ""]),
  );
}

/** For people: `Node.js 20, npm`, and so on. */
export function nameOf(values: Partial<Versions>): string {
  return AXIS_NAMES.flatMap((axis) => {
    const value = values[axis];
    if (value === undefined) return [];
    return axis === "manager" || axis === "program" ? [value] : [`${TITLES[axis]} ${value}`];
  }).join(", ");
}
