import type { Goal } from "../../bench/goals";
import { judge, report, rowOf } from "../../bench/report";
import type { Measure, Results, Sample, Who } from "../../bench/results";

const faster: Goal = { what: "up", measure: "upSeconds", keys: 500, against: "closure", limit: 1 };
const small: Goal = { what: "bytes", measure: "checkpointBytes", limit: 1_650 };
const many: Goal = { what: "calls", measure: "callsPerSecond", against: "undici", limit: 0.9, isMinimum: true };

function samplesOf(measure: Measure, who: Who, values: readonly number[], keys?: number): Sample[] {
  return values.map((value) => ({ measure, who, value, ...(keys !== undefined && { keys }) }));
}

const up = [
  ...samplesOf("upSeconds", "ours", [9, 10, 11], 500),
  ...samplesOf("upSeconds", "closure", [10, 10, 20], 500),
];

describe("judge()", () => {
  it.each<[string, Goal, readonly Sample[], string]>([
    ["the limit itself", faster, up, "met"],
    ["a ratio above the limit", { ...faster, limit: 0.99 }, up, "missed"],
    ["a value at the limit", small, samplesOf("checkpointBytes", "ours", [1_650]), "met"],
    ["a value above the limit", small, samplesOf("checkpointBytes", "ours", [1_651]), "missed"],
    [
      "a ratio above the minimum",
      many,
      [...samplesOf("callsPerSecond", "ours", [91]), ...samplesOf("callsPerSecond", "undici", [100])],
      "met",
    ],
    [
      "a ratio below the minimum",
      many,
      [...samplesOf("callsPerSecond", "ours", [89]), ...samplesOf("callsPerSecond", "undici", [100])],
      "missed",
    ],
    ["no samples", faster, [], "not measured"],
    ["our side alone", faster, samplesOf("upSeconds", "ours", [9], 500), "not measured"],
    ["other sizes", faster, up.map((sample) => ({ ...sample, keys: 10 })), "not measured"],
  ])("judges %s", (_what, goal, samples, verdict) => {
    expect(judge(goal, samples).verdict).toBe(verdict);
  });
});

describe("rowOf()", () => {
  it("shows medians, ranges, the ratio, the goal and the verdict", () => {
    expect(rowOf(judge(faster, up))).toBe(
      "| up | 10 (9 to 11) | 10 (10 to 20) closure no-op | 1 (0.55 to 1) | ≤ 1 × closure no-op | 3 | met |",
    );
  });

  it("shows a value that was measured once without a range", () => {
    expect(rowOf(judge(small, samplesOf("checkpointBytes", "ours", [2_000])))).toBe(
      "| bytes | 2,000 |  |  | ≤ 1,650 | 1 | **missed** |",
    );
  });

  it("shows a goal without measurements", () => {
    expect(rowOf(judge(many, []))).toBe("| calls |  |  |  | ≥ 0.9 × raw undici |  | **not measured** |");
  });
});

describe("report()", () => {
  const results: Results = {
    about: {
      scale: "smoke",
      command: "npm run bench -- --smoke",
      date: "2026-03-01",
      minutes: 1.25,
      machine: "2 × a processor",
      versions: { Node: "v20.20.2" },
    },
    samples: up,
  };

  it("states machine, date, command and the number of goals met", () => {
    const text = report(results, [faster, small], []);

    expect(text).toContain("- Command: `npm run bench -- --smoke`, 2026-03-01, 1.3 minutes");
    expect(text).toContain("- Machine: 2 × a processor");
    expect(text).toContain("- Versions: Node v20.20.2");
    expect(text).toContain("## Goals: 1 of 2 met");
  });

  it("shows every plot and every median", () => {
    const text = report(results, [], [{ title: "Growth", file: "growth.svg" }]);

    expect(text).toContain("![Growth](growth.svg)");
    expect(text).toContain("| upSeconds | 500 | this package | 10 | 9 | 11 | 3 |");
    expect(text).toContain("| upSeconds | 500 | closure no-op | 10 | 10 | 20 | 3 |");
  });
});
