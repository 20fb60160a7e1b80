import { markdownTable } from "../page";
import { AXES, type Axis, AXIS_NAMES, type Cell, exclusionOf } from "./cells";
import type { ProviderKind } from "./engines";
import type { Results, Versions } from "./results";

const TITLES: Readonly<Record<Axis, string>> = {
  node: "Node.js",
  pulumi: "`@pulumi/pulumi`",
  typescript: "TypeScript",
  manager: "Package manager",
  program: "Kind of program",
};

/** Returns the table of all tested versions, by axis. */
export function valuesTable({ cells, cli, date }: Results): string {
  const versionsOf = (axis: Axis) =>
    AXES[axis].map((value) => {
      const { versions } = cells.find(({ cell }) => cell[axis] === value) ?? {};
      if (versions === undefined) throw new Error(`Cannot write the table: no cell has ${axis} ${value}`);
      return versions[axis];
    });
  return markdownTable(
    ["", `Tested in ${cells.length} projects on ${date}`],
    [...AXIS_NAMES.map((axis) => [TITLES[axis], versionsOf(axis).join(", ")]), ["Pulumi CLI", cli.replace(/^v/, "")]],
  );
}

/** Returns the table of all projects. */
export function cellsTable({ cells }: Results): string {
  return markdownTable(
    ["", ...AXIS_NAMES.map((axis) => TITLES[axis])],
    cells.map(({ versions }, index) => [String(index + 1), ...AXIS_NAMES.map((axis) => versions[axis])]),
  );
}

/** Returns the table of the engines on which each kind of provider lived, and of the Node.js that ran it. */
export function enginesTable({ engines }: Results): string {
  const nodesOf = (engine: string, kind: ProviderKind) =>
    engines
      .filter(({ versions }) => versions.engine === engine && versions.kind === kind)
      .map(({ versions }) => versions.node)
      .join(", ");
  const found = [...new Set(engines.map(({ versions }) => versions.engine))];
  return markdownTable(
    ["Pulumi CLI", "Dynamic, with Node.js", "Native, with Node.js"],
    found.map((engine) => [engine, nodesOf(engine, "dynamic") || "The table above", nodesOf(engine, "native")]),
  );
}

/** Returns the table of combinations that are not possible, and why. */
export function exclusionsTable({ cells, excluded }: Results): string {
  const withVersion = (values: Partial<Cell>) => {
    const { versions } = cells.find(({ cell }) => cell.pulumi === values.pulumi) ?? {};
    return versions === undefined ? values : { ...values, pulumi: versions.pulumi };
  };
  return markdownTable(
    ["Combination", "Reason"],
    excluded.map((values) => [nameOf(withVersion(values)), exclusionOf(values)?.reason ?? ""]),
  );
}

/** Returns a readable name of a cell, such as `Node.js 20, npm`. */
export function nameOf(values: Partial<Versions>): string {
  return AXIS_NAMES.flatMap((axis) => {
    const value = values[axis];
    if (value === undefined) return [];
    return axis === "manager" || axis === "program" ? [value] : [`${TITLES[axis]} ${value}`];
  }).join(", ");
}
