import {
  ageInDays,
  isSameSecond,
  isWholeSecond,
  nextRotationOn,
  relate,
  type Relation,
  standsFor,
} from "../../src/psk/timestamp";

const ours = "2026-03-01T12:00:00.123Z";

describe("relate()", () => {
  it.each<[string, string | undefined, string | undefined, Relation]>([
    ["the same text", ours, ours, "same"],
    [
      "nanoseconds, rounded down to microseconds",
      "2026-03-01T12:00:00.123456Z",
      "2026-03-01T12:00:00.123456489Z",
      "same",
    ],
    [
      "nanoseconds, rounded up to microseconds",
      "2026-03-01T12:00:00.123457Z",
      "2026-03-01T12:00:00.123456789Z",
      "same",
    ],
    ["rounded up into the next second", "2026-03-01T12:00:01Z", "2026-03-01T12:00:00.999999999Z", "same"],
    ["rounded up into the next year", "2027-01-01T00:00:00.000000Z", "2026-12-31T23:59:59.999999999Z", "same"],
    ["trailing zeros", "2026-03-01T12:00:00.5Z", "2026-03-01T12:00:00.500000000Z", "same"],
    ["another zone", "2026-03-01T14:00:00.123+02:00", ours, "same"],
    ["a zone west of Greenwich", "2026-03-01T06:30:00.123-05:30", ours, "same"],
    ["the same text in another zone", "2026-03-01T12:00:00.123+02:00", ours, "older"],
    ["1 ms later", "2026-03-01T12:00:00.124Z", ours, "same"],
    ["1 ms earlier", "2026-03-01T12:00:00.122Z", ours, "same"],
    ["1 ms and 1 µs later", "2026-03-01T12:00:00.124001Z", ours, "newer"],
    ["1 ms and 1 µs earlier", "2026-03-01T12:00:00.121999Z", ours, "older"],
    ["a second later", "2026-03-01T12:00:01.123Z", ours, "newer"],
    ["a second earlier", "2026-03-01T11:59:59.123Z", ours, "older"],
    ["a day later, at an earlier time", "2026-03-02T00:00:00Z", ours, "newer"],
    ["none read", undefined, ours, "unknown"],
    ["none of our key", ours, undefined, "unknown"],
    ["none at all", undefined, undefined, "unknown"],
    ["garbage read", "yesterday", ours, "unknown"],
    ["the same garbage on both sides", "yesterday", "yesterday", "unknown"],
  ])("compares instants: %s", (_what, read, known, relation) => {
    expect(relate(read, known)).toBe(relation);
  });
});

describe("standsFor()", () => {
  it.each([
    ["the same instant", ours, ours, true],
    ["its second", "2026-03-01T12:00:00Z", ours, true],
    ["its second in another zone", "2026-03-01T14:00:00+02:00", ours, true],
    ["the end of its second", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00.999999Z", true],
    ["the second before", "2026-03-01T11:59:59Z", ours, false],
    ["the second after", "2026-03-01T12:00:01Z", ours, false],
    ["another instant of its second", "2026-03-01T12:00:00.0Z", ours, false],
    ["an instant, where only a second is shown", ours, "2026-03-01T12:00:00Z", false],
    ["none shown", "2026-03-01T12:00:00Z", undefined, false],
  ])("lets a whole second stand for all that lies in it, and nothing else: %s", (_what, given, shown, does) => {
    expect(standsFor(given, shown)).toBe(does);
  });
});

describe("isWholeSecond()", () => {
  it.each([
    ["2026-03-01T12:00:00Z", true],
    ["2026-03-01T12:00:00.000Z", false],
    ["yesterday", false],
  ])("tells whether there is no fraction: %s", (timestamp, is) => {
    expect(isWholeSecond(timestamp)).toBe(is);
  });
});

describe("ageInDays()", () => {
  it.each<[string, string | undefined, string, number | undefined]>([
    ["the same moment", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", 0],
    ["the same UTC day", "2026-03-01T00:00:00Z", "2026-03-01T23:59:59.999Z", 0],
    ["a moment before midnight, and midnight", "2026-03-01T23:59:59.999Z", "2026-03-02T00:00:00Z", 1],
    ["midnight, and a moment before the next", "2026-03-01T00:00:00Z", "2026-03-02T23:59:59.999Z", 1],
    ["less than 90 days of 24 hours", "2026-03-01T23:00:00Z", "2026-05-30T01:00:00Z", 90],
    ["over a leap day", "2028-02-28T12:00:00Z", "2028-03-01T12:00:00Z", 2],
    ["over the end of February", "2026-02-28T12:00:00Z", "2026-03-01T12:00:00Z", 1],
    ["over a year", "2026-03-01T12:00:00Z", "2027-03-01T12:00:00Z", 365],
    ["a day by UTC, not by the zone in which it is written", "2026-03-02T01:00:00+02:00", "2026-03-02T00:00:00Z", 1],
    ["a clock that is behind", "2026-03-02T00:00:00Z", "2026-03-01T23:00:00Z", -1],
    ["no timestamp", undefined, "2026-03-01T12:00:00Z", undefined],
    ["a timestamp that cannot be read", "yesterday", "2026-03-01T12:00:00Z", undefined],
  ])("counts UTC dates: %s", (_what, generated, now, days) => {
    expect(ageInDays(datesOf(generated), Date.parse(now))).toBe(days);
  });
});

describe("ageInDays() of a key that was generated while this machine's clock was wrong", () => {
  const lastGeneratedOn = "2026-03-01T12:00:00Z";

  it.each([
    ["ahead, on the day of the generation", "2026-09-01T12:00:00Z", "2026-09-01T12:00:01Z", 0],
    ["ahead, a week later", "2026-09-01T12:00:00Z", "2026-09-08T12:00:01Z", 7],
    ["ahead, and corrected since", "2026-09-01T12:00:00Z", "2026-03-08T12:00:00Z", 7],
    ["behind, on the day of the generation", "2025-09-01T12:00:00Z", "2025-09-01T12:00:01Z", 0],
    ["behind, a week later", "2025-09-01T12:00:00Z", "2025-09-08T12:00:01Z", 7],
    ["behind, and corrected a minute later", "2025-09-01T12:00:00Z", "2026-03-01T12:01:00Z", 0],
    ["behind, and corrected a week later", "2025-09-01T12:00:00Z", "2026-03-08T12:00:00Z", 7],
  ])("is never more than the key's: %s", (_what, localGeneratedOn, now, days) => {
    expect(ageInDays({ lastGeneratedOn, localGeneratedOn }, Date.parse(now))).toBe(days);
  });
});

describe("nextRotationOn()", () => {
  it.each<[string | undefined, number | undefined, string | undefined]>([
    ["2026-03-01T00:00:00Z", 1, "2026-03-02"],
    ["2026-03-01T23:59:59.999999999Z", 1, "2026-03-03"],
    ["2026-03-01T23:59:59.998Z", 1, "2026-03-02"],
    ["2026-11-20T08:15:30.123456789Z", 90, "2027-02-18"],
    ["2028-02-28T12:00:00Z", 1, "2028-02-29"],
    ["2028-02-28T12:00:00Z", 366, "2029-02-28"],
    ["2026-03-02T01:00:00+02:00", 1, "2026-03-02"],
    ["2026-03-01T00:00:00Z", undefined, undefined],
    [undefined, 90, undefined],
    ["yesterday", 90, undefined],
    ["2026-03-01T00:00:00Z", Number.MAX_SAFE_INTEGER, undefined],
  ])("adds days to the UTC date: %s and %p days make %s", (generated, days, date) => {
    expect(nextRotationOn(generated, days)).toBe(date);
  });

  it.each([1, 2, 30, 90, 365])("returns the first day on which a key is old enough: %d days", (days) => {
    const generated = "2026-03-01T18:00:00Z";
    const midnight = Date.parse(`${nextRotationOn(generated, days) ?? ""}T00:00:00Z`);

    expect(ageInDays(datesOf(generated), midnight)).toBe(days);
    expect(ageInDays(datesOf(generated), midnight - 1)).toBe(days - 1);
  });
});

function datesOf(lastGeneratedOn: string | undefined) {
  return lastGeneratedOn === undefined ? {} : { lastGeneratedOn };
}

describe("isSameSecond()", () => {
  it.each([
    // As a number, the fraction would be rounded up to a whole second.
    ["2026-11-30T07:01:05Z", "2026-11-30T07:01:05.999999999Z", true],
    ["2026-11-30T07:01:05.000001Z", "2026-11-30T07:01:05.999999Z", true],
    ["2026-11-30T07:01:05.999999Z", "2026-11-30T07:01:06Z", false],
    ["not a timestamp", "not a timestamp", false],
  ])("of %s and %s is %p", (one, other, expected) => {
    expect(isSameSecond(one, other)).toBe(expected);
  });
});
