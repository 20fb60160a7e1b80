import { dated, skewText } from "../../src/psk/clock-skew";
import { fakeKey } from "./support";

const lastGeneratedOn = "2026-03-01T12:00:00.123456789Z";
const key = { psk: fakeKey, lastGeneratedOn };
const HOUR_MS = 3_600_000;
const GENERATED_MS = Date.parse("2026-03-01T12:00:00.123Z");

describe("dated()", () => {
  it.each([0, 1_000, HOUR_MS - 1, -HOUR_MS + 1])("adds nothing if the clocks are %d ms apart", (ms) => {
    expect(dated(key, GENERATED_MS + ms)).toBe(key);
  });

  it.each([
    [HOUR_MS + 1, "2026-03-01T13:00:00.124Z"],
    [-HOUR_MS - 1, "2026-03-01T11:00:00.122Z"],
    [200 * 24 * HOUR_MS, "2026-09-17T12:00:00.123Z"],
  ])("adds the time by this machine's clock if they are %d ms apart", (ms, localGeneratedOn) => {
    expect(dated(key, GENERATED_MS + ms)).toEqual({ ...key, localGeneratedOn });
  });

  it("adds nothing to a key that came without a timestamp", () => {
    expect(dated({ psk: fakeKey }, 0)).toEqual({ psk: fakeKey });
  });
});

describe("skewText()", () => {
  it.each([
    ["2026-09-17T12:30:00Z", "200 d 30 min ahead of"],
    ["2026-03-01T13:00:30Z", "1 h 1 min ahead of"],
    ["2026-03-01T10:00:00Z", "2 h behind"],
    ["2026-02-27T10:00:00Z", "2 d 2 h behind"],
  ])("says by how much a clock that shows %s is wrong", (localGeneratedOn, how) => {
    expect(skewText({ lastGeneratedOn: "2026-03-01T12:00:00Z", localGeneratedOn })).toBe(
      `this machine's clock is ${how} Cloudflare's: correct it. Until then the key's age is counted by this machine's clock`,
    );
  });

  it("returns nothing if the clock is right", () => {
    expect(skewText({ lastGeneratedOn })).toBeUndefined();
  });
});
