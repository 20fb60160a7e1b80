import { instantMs, type Relation, relate } from "../../src/psk/timestamp";

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
    ["zeros at the end", "2026-03-01T12:00:00.5Z", "2026-03-01T12:00:00.500000000Z", "same"],
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
    ["none of ours", ours, undefined, "unknown"],
    ["none at all", undefined, undefined, "unknown"],
    ["garbage read", "yesterday", ours, "unknown"],
    ["garbage of ours, of the same text", "yesterday", "yesterday", "unknown"],
  ])("compares instants: %s", (_what, read, known, relation) => {
    expect(relate(read, known)).toBe(relation);
  });
});

describe("instantMs()", () => {
  const second = Date.parse("2026-03-01T12:00:00Z");

  it.each([
    ["2026-03-01T12:00:00Z", second],
    ["2026-03-01T12:00:00.25Z", second + 250],
    ["2026-03-01T12:00:00.0005Z", second + 0.5],
    ["2026-03-01T12:00:00.999999999Z", second + 1_000],
    ["2026-03-01T12:00:00.5+00:00", second + 500],
    ["2026-03-01T17:45:00.5+05:45", second + 500],
  ])("keeps what is below a millisecond: %s", (timestamp, ms) => {
    expect(instantMs(timestamp)).toBeCloseTo(ms, 2);
  });

  it.each([
    undefined,
    "",
    "yesterday",
    "2026-03-01",
    "2026-03-01T12:00Z",
    "2026-03-01T12:00:00",
    "2026-03-01 12:00:00Z",
    "2026-13-01T12:00:00Z",
    "2026-03-01T25:00:00Z",
    "2026-03-01T12:00:00.Z",
    "2026-03-01T12:00:00,5Z",
    "2026-03-01T12:00:00Z\n",
    " 2026-03-01T12:00:00Z",
    "1772366400000",
    "Sun, 01 Mar 2026 12:00:00 GMT",
  ])("reads nothing else: %j", (timestamp) => {
    expect(instantMs(timestamp)).toBeNaN();
  });
});
