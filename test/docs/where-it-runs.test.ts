import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allCells, EXCLUSIONS } from "../../tools/matrix/cells";
import { TABLES } from "../../tools/matrix/pages";
import { readResults } from "../../tools/matrix/results";
import { splitAt } from "../../tools/page";
import { ROOT } from "../support/build";
import { bareTable } from "./markdown";

describe("the tables of where it runs", () => {
  it.each(TABLES)("$page has what the last run of the matrix found: $name", async ({ page, name, make }) => {
    const [, table] = splitAt(name, readFileSync(join(ROOT, page), "utf8"));

    expect(bareTable(table)).toBe(bareTable(make(await readResults())));
  });

  it("come from a run of the matrix as it is now", async () => {
    const { cells, excluded } = await readResults();

    expect(cells.map(({ cell }) => cell)).toEqual(allCells());
    expect(excluded).toEqual(EXCLUSIONS.map(({ values }) => values));
  });
});
