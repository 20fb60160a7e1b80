import { createRecorder, turns } from "../../bench/measures/recorder";

describe("turns()", () => {
  it("includes every subject in every round, and rotates which one is first", () => {
    expect(turns(["a", "b", "c"], 4).join("")).toBe("abcbcacababc");
  });
});

describe("createRecorder()", () => {
  it("keeps samples in order, and logs each one immediately", () => {
    const lines: string[] = [];
    const recorder = createRecorder((line) => lines.push(line));

    recorder.record({ measure: "upSeconds", who: "ours", keys: 500, value: 23.45678 });
    recorder.record({ measure: "checkpointBytes", who: "sdk", value: 2_594 });

    expect(recorder.samples.map(({ value }) => value)).toEqual([23.45678, 2_594]);
    expect(lines).toEqual(["upSeconds, 500 keys: ours 23.46", "checkpointBytes: sdk 2594"]);
  });
});
