import { ageInDays, nextRotationOn } from "../../src/psk/age";

const at = (lastGeneratedOn: string | undefined) => (lastGeneratedOn === undefined ? {} : { lastGeneratedOn });

describe("ageInDays()", () => {
  it.each<[string, string | undefined, string, number | undefined]>([
    ["the same moment", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", 0],
    ["the same UTC day", "2026-03-01T00:00:00Z", "2026-03-01T23:59:59.999Z", 0],
    ["a moment before midnight, and midnight", "2026-03-01T23:59:59.999Z", "2026-03-02T00:00:00Z", 1],
    ["midnight, and a moment before the next", "2026-03-01T00:00:00Z", "2026-03-02T23:59:59.999Z", 1],
    ["not yet 90 days of 24 hours", "2026-03-01T23:00:00Z", "2026-05-30T01:00:00Z", 90],
    ["over a leap day", "2028-02-28T12:00:00Z", "2028-03-01T12:00:00Z", 2],
    ["over the end of February", "2026-02-28T12:00:00Z", "2026-03-01T12:00:00Z", 1],
    ["over a year", "2026-03-01T12:00:00Z", "2027-03-01T12:00:00Z", 365],
    ["a day by UTC, not by the zone it is written in", "2026-03-02T01:00:00+02:00", "2026-03-02T00:00:00Z", 1],
    ["a clock that is behind", "2026-03-02T00:00:00Z", "2026-03-01T23:00:00Z", -1],
    ["no time stamp", undefined, "2026-03-01T12:00:00Z", undefined],
    ["a time stamp that cannot be read", "yesterday", "2026-03-01T12:00:00Z", undefined],
  ])("counts UTC dates: %s", (_what, generated, now, days) => {
    expect(ageInDays(at(generated), Date.parse(now))).toBe(days);
  });
});

describe("ageInDays() of a key that was generated when this machine's clock was wrong", () => {
  const lastGeneratedOn = "2026-03-01T12:00:00Z";

  it.each([
    ["ahead, on the day of the generation", "2026-09-01T12:00:00Z", "2026-09-01T12:00:01Z", 0],
    ["ahead, a week later", "2026-09-01T12:00:00Z", "2026-09-08T12:00:01Z", 7],
    ["ahead, and was corrected since", "2026-09-01T12:00:00Z", "2026-03-08T12:00:00Z", 7],
    ["behind, on the day of the generation", "2025-09-01T12:00:00Z", "2025-09-01T12:00:01Z", 0],
    ["behind, a week later", "2025-09-01T12:00:00Z", "2025-09-08T12:00:01Z", 7],
  ])("counts by that clock: %s", (_what, localGeneratedOn, now, days) => {
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

  it.each([1, 2, 30, 90, 365])("names the first day of the age that is due: %d days", (days) => {
    const generated = "2026-03-01T18:00:00Z";
    const midnight = Date.parse(`${nextRotationOn(generated, days) ?? ""}T00:00:00Z`);

    expect(ageInDays(at(generated), midnight)).toBe(days);
    expect(ageInDays(at(generated), midnight - 1)).toBe(days - 1);
  });
});
