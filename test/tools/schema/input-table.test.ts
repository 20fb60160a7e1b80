import { readFileSync } from "node:fs";
import { join } from "node:path";
import { INPUT_NAMES } from "../../../src/psk/inputs";
import { splitAt } from "../../../tools/page";
import { INPUT_TABLE, inputTable } from "../../../tools/schema/input-table";
import { codeIn, bareTable, readPage, tableBelow, textOf } from "../../docs/markdown";
import { ROOT } from "../../support/build";

describe("the table of inputs in docs/reference.md", () => {
  const rows = tableBelow(readPage(INPUT_TABLE.page), "Inputs");

  it("is what `npm run schema -- --write` writes", () => {
    const [, shown] = splitAt(INPUT_TABLE.name, readFileSync(join(ROOT, INPUT_TABLE.page), "utf8"));

    expect(bareTable(shown)).toBe(bareTable(inputTable()));
  });

  it("has a row for each input that is checked", () => {
    expect(rows.flatMap(([first]) => codeIn(first))).toEqual(INPUT_NAMES);
  });

  it("says of each input what it is, what a change does, and its default", () => {
    expect(rows.filter((row) => row.some((cell) => textOf(cell) === ""))).toEqual([]);
  });
});
