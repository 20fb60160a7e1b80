import { compare, summarize } from "../../bench/statistics";

describe("summarize()", () => {
  it("takes the middle of an odd number of values, in any order", () => {
    expect(summarize([9, 1, 5])).toEqual({ count: 3, median: 5, least: 1, most: 9 });
  });

  it("takes the mean of the two in the middle of an even number", () => {
    expect(summarize([10, 1, 2, 4])).toEqual({ count: 4, median: 3, least: 1, most: 10 });
  });

  it("takes a single value unchanged", () => {
    expect(summarize([7])).toEqual({ count: 1, median: 7, least: 7, most: 7 });
  });

  it("does not change the values", () => {
    const values = [3, 1, 2];

    summarize(values);

    expect(values).toEqual([3, 1, 2]);
  });

  it("refuses an empty list", () => {
    expect(() => summarize([])).toThrow(RangeError);
  });
});

describe("compare()", () => {
  it("divides the medians, and says what single rounds showed", () => {
    expect(compare([10, 20, 60], [20, 10, 30])).toEqual({ count: 3, median: 1, least: 0.5, most: 2 });
  });

  it("compares the rounds that both sides have", () => {
    expect(compare([10, 20, 90], [10, 10])).toEqual({ count: 2, median: 2, least: 1, most: 2 });
  });
});
