import { instantMs } from "../src/rfc3339";

describe("instantMs()", () => {
  const second = Date.parse("2026-03-01T12:00:00Z");

  it.each([
    ["2026-03-01T12:00:00Z", second],
    ["2026-03-01T12:00:00.25Z", second + 250],
    ["2026-03-01T12:00:00.0005Z", second + 0.5],
    ["2026-03-01T12:00:00.999999999Z", second + 1_000],
    ["2026-03-01T12:00:00.5+00:00", second + 500],
    ["2026-03-01T17:45:00.5+05:45", second + 500],
    ["2026-03-01 12:00:00.25Z", second + 250],
    ["2026-03-01t12:00:00.25z", second + 250],
  ])("reads the forms that RFC 3339 allows, with fractions of a millisecond: %s", (timestamp, ms) => {
    expect(instantMs(timestamp)).toBeCloseTo(ms, 2);
  });

  it.each([
    undefined,
    "",
    "yesterday",
    "2026-03-01",
    "2026-03-01T12:00Z",
    "2026-03-01T12:00:00",
    "2026-03-01  12:00:00Z",
    "2026-03-01\t12:00:00Z",
    "2026-03-01T12:00:00+0000",
    "2026-03-01T12:00:00+00",
    "20260301T120000Z",
    "2026-13-01T12:00:00Z",
    "2026-03-01T25:00:00Z",
    "2026-03-01T12:00:00.Z",
    "2026-03-01T12:00:00,5Z",
    "2026-03-01T12:00:00Z\n",
    " 2026-03-01T12:00:00Z",
    "1772366400000",
    "Sun, 01 Mar 2026 12:00:00 GMT",
  ])("returns NaN for anything else: %j", (timestamp) => {
    expect(instantMs(timestamp)).toBeNaN();
  });
});
