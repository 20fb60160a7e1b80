import { compare, summarize } from "../../bench/statistics";

describe("summarize()", () => {
  it("takes the middle of an odd number of values, in any order", () => {
    expect(summarize([9, 1, 5])).toEqual({ count: 3, median: 5, min: 1, max: 9 });
  });

  it("takes the mean of the two in the middle of an even number", () => {
    expect(summarize([10, 1, 2, 4])).toEqual({ count: 4, median: 3, min: 1, max: 10 });
  });

  it("returns a single value as all statistics", () => {
    expect(summarize([7])).toEqual({ count: 1, median: 7, min: 7, max: 7 });
  });

  it("does not reorder its argument", () => {
    const values = [3, 1, 2];

    summarize(values);

    expect(values).toEqual([3, 1, 2]);
  });

  it("throws a RangeError if there are no values", () => {
    expect(() => summarize([])).toThrow(RangeError);
  });
});

describe("compare()", () => {
  it("divides the medians, and returns the range of single rounds", () => {
    expect(compare([10, 20, 60], [20, 10, 30])).toEqual({ count: 3, median: 1, min: 0.5, max: 2 });
  });

  it("compares only rounds that both sides have", () => {
    expect(compare([10, 20, 90], [10, 10])).toEqual({ count: 2, median: 2, min: 1, max: 2 });
  });
});
