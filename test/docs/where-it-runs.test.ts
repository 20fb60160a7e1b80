import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allCells, EXCLUSIONS } from "../../tools/matrix/cells";
import { splitAt, TABLES } from "../../tools/matrix/pages";
import { readResults } from "../../tools/matrix/results";
import { ROOT } from "../support/build";

/** A table without what the repository's format adds. */
const bare = (table: string) => table.replace(/-{3,}/g, "---").replace(/ {2,}/g, " ").trim();

describe("the tables of where it runs", () => {
  it.each(TABLES)("$page has what the last run of the matrix found: $name", async ({ page, name, make }) => {
    const [, table] = splitAt(name, readFileSync(join(ROOT, page), "utf8"));

    expect(bare(table)).toBe(bare(make(await readResults())));
  });

  it("come from a run of the matrix as it is now", async () => {
    const { cells, exclusions } = await readResults();

    expect(cells.map(({ cell }) => cell)).toEqual(allCells());
    expect(exclusions).toEqual(EXCLUSIONS);
  });
});
