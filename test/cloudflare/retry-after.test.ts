import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { LONGEST_WAIT_MS, retryAfterMs, waitText } from "../../src/cloudflare/retry-after";
import { requireBuild, ROOT } from "../support/build";

const now = Date.parse("2026-03-01T12:00:00Z");

describe("retryAfterMs()", () => {
  it.each([
    ["0", 0],
    ["7", 7_000],
    [" 300 ", 300_000],
    ["86400", 86_400_000],
    ["1.5", 1_500],
    ["0.0001", 1],
  ])("reads seconds: %j", (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  it.each(["9999999999", "9".repeat(400)])("reads seconds beyond any calendar as 31 years: %j", (header) => {
    expect(retryAfterMs(header, now)).toBe(1e12);
  });

  it.each([
    ["Sun, 01 Mar 2026 12:00:30 GMT", 30_000],
    ["sun, 01 mar 2026 12:00:30 gmt", 30_000],
    ["Sunday, 01-Mar-26 12:05:00 GMT", 300_000],
    ["Sun Mar  1 12:00:30 2026", 30_000],
    ["Sun Mar 15 12:00:00 2026", 14 * 86_400_000],
    ["Sun, 01 Mar 2026 12:00:00 GMT", 0],
  ])("reads a date: %j", (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  it.each([
    ["76", "2076-03-01T12:00:00Z"],
    ["75", "2075-03-01T12:00:00Z"],
  ])("reads a year of two digits as at most 50 years ahead: %s", (year, date) => {
    expect(retryAfterMs(`Sunday, 01-Mar-${year} 12:00:00 GMT`, now)).toBe(Date.parse(date) - now);
  });

  it.each(["Sun, 01 Mar 2026 11:59:00 GMT", "Sunday, 01-Mar-77 12:00:00 GMT", "Sun Mar  1 11:59:00 2026"])(
    "returns 0 for a date that has passed: %j",
    (header) => {
      expect(retryAfterMs(header, now)).toBe(0);
    },
  );

  it("reads every form of a date as GMT, in any time zone of the machine", () => {
    requireBuild();
    const code = `require(${JSON.stringify(join(ROOT, "dist/cloudflare/retry-after.js"))}).retryAfterMs("Sun Mar  1 12:00:30 2026", ${now})`;

    const printed = execFileSync(process.execPath, ["-p", code], { env: { TZ: "America/New_York" }, encoding: "utf8" });

    expect(printed.trim()).toBe("30000");
  });

  it.each([
    [["60", "120"], 120_000],
    [["soon", "60"], 60_000],
    [[], undefined],
    [["soon", ""], undefined],
  ])("returns the longest wait of several headers: %j", (headers, ms) => {
    expect(retryAfterMs(headers, now)).toBe(ms);
  });

  it.each([
    undefined,
    "",
    " ",
    "-5",
    "1.",
    ".5",
    "1e3",
    "0x10",
    "5 seconds",
    "120, 60",
    "soon",
    "wait 120",
    "NaN",
    "Sun, 01 Foo 2026 12:00:30 GMT",
    "Sun, 01 Mar 2026 12:00:30 +0100",
    "2026-03-01T12:00:30Z",
  ])("returns `undefined` for %j", (header) => {
    expect(retryAfterMs(header, now)).toBeUndefined();
  });
});

describe("LONGEST_WAIT_MS", () => {
  it("is longer than Cloudflare's block of 300 s", () => {
    expect(LONGEST_WAIT_MS).toBeGreaterThan(300_000);
  });
});

describe("waitText()", () => {
  it.each([
    [86_400_000, "86400 s (until 2026-03-02T12:00:00Z)"],
    [400_001, "401 s (until 2026-03-01T12:06:40Z)"],
    [1e12, "1000000000 s (until 2057-11-07T13:46:40Z)"],
  ])("says how long to wait, and until when: %d ms", (ms, text) => {
    expect(waitText(ms, now)).toBe(text);
  });
});
