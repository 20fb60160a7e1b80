import { retryAfterMs } from "../../src/cloudflare/retry-after";

const now = Date.parse("2026-03-01T12:00:00Z");

describe("retryAfterMs()", () => {
  it.each([
    ["0", 0],
    ["7", 7_000],
    [" 300 ", 300_000],
    ["86400", 86_400_000],
  ])("reads seconds: %j", (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  it.each([
    ["Sun, 01 Mar 2026 12:00:30 GMT", 30_000],
    ["Sunday, 01-Mar-26 12:05:00 GMT", 300_000],
    ["Sun, 01 Mar 2026 12:00:00 GMT", 0],
  ])("reads a date: %j", (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  it("does not wait for a date that has passed", () => {
    expect(retryAfterMs("Sun, 01 Mar 2026 11:59:00 GMT", now)).toBe(0);
  });

  it.each([undefined, "", " ", "-5", "1.5", "1e3", "0x10", "5 seconds", "120, 60", "soon", "wait 120", "NaN"])(
    "makes nothing of %j",
    (header) => {
      expect(retryAfterMs(header, now)).toBeUndefined();
    },
  );
});
