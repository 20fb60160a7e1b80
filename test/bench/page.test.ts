import { readFileSync } from "node:fs";
import { join } from "node:path";
import { medianOf, type Results, type Sample, turns } from "../../bench/samples";
import { pageOf, ROWS } from "../../bench/table";
import { splitAt } from "../../tools/page";
import { bareTable } from "../docs/markdown";
import { ROOT } from "../support/build";

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

const samplesOf = (values: readonly number[]) =>
  values.map((value): Sample => ({ measure: "upSeconds", who: "native", value }));

describe("bench/README.md", () => {
  it("shows the run whose values are in bench/results.json", () => {
    const [, shown] = splitAt("results", read("bench/README.md"));

    expect(bareTable(shown)).toBe(bareTable(pageOf(JSON.parse(read("bench/results.json")) as Results)));
  });
});

describe("pageOf()", () => {
  const about = { command: "npm run bench", date: "2026-03-01", keys: 300, rounds: 5, machine: "2 × a processor" };

  it("has a row for each measure, with the medians that there are", () => {
    const page = pageOf({
      about: { ...about, versions: { pulumi: "v3.1.0" } },
      samples: samplesOf([1234.5, 9, 20_000]),
    });

    expect(page).toContain("`npm run bench`, 2026-03-01: 300 keys, 5 rounds.\n2 × a processor; pulumi v3.1.0.\n");
    expect(page).toContain("\n| `pulumi up` of new keys, s | 1,235 |  |  |  |\n");
    expect(page.split("\n").filter((line) => line.startsWith("| ")).length).toBe(Object.keys(ROWS).length + 2);
  });
});

describe("medianOf()", () => {
  it.each<[readonly number[], number | undefined]>([
    [[9, 1, 5], 5],
    [[10, 1, 2, 4], 3],
    [[7], 7],
    [[], undefined],
  ])("of %j is %d", (values, median) => {
    expect(medianOf(samplesOf(values), "upSeconds", "native")).toBe(median);
  });
});

describe("turns()", () => {
  it("includes every subject in every round, and rotates which one is first", () => {
    expect(turns(["a", "b", "c"], 4).join("")).toBe("abcbcacababc");
  });
});
