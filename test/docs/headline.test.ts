import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HEADLINE_PAGE, headlineTable } from "../../bench/headline";
import type { Results } from "../../bench/results";
import { splitAt } from "../../tools/page-place";
import { ROOT } from "../support/build";
import { bareTable } from "./markdown";

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

describe(`the table of costs in ${HEADLINE_PAGE}`, () => {
  it("has the medians of the last full run of the bench", () => {
    const { about, samples } = JSON.parse(read("bench/results.json")) as Results;
    const [, table] = splitAt("headline", read(HEADLINE_PAGE));

    expect(about.scale).toBe("full");
    expect(bareTable(table)).toBe(bareTable(headlineTable(samples)));
  });
});
