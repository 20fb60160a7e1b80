import { createClock, inMicroseconds, inNanoseconds, parseInstant } from "../../src/simulator/timestamp";

describe("inMicroseconds()", () => {
  it.each([
    ["2025-03-13T14:28:47.054317925Z", "2025-03-13T14:28:47.054318Z"],
    ["2025-03-13T14:28:47.054317499Z", "2025-03-13T14:28:47.054317Z"],
    ["2025-03-13T14:28:47.054317500Z", "2025-03-13T14:28:47.054318Z"],
    ["2025-03-13T14:28:47.999999500Z", "2025-03-13T14:28:48.000000Z"],
    ["2025-12-31T23:59:59.999999999Z", "2026-01-01T00:00:00.000000Z"],
    ["1969-12-31T23:59:59.999999500Z", "1970-01-01T00:00:00.000000Z"],
    ["0001-01-01T00:00:00.000000001Z", "0001-01-01T00:00:00.000000Z"],
  ])("rounds %s to %s", (nanoseconds, microseconds) => {
    expect(inMicroseconds(parseInstant(nanoseconds))).toBe(microseconds);
  });
});

describe("parseInstant()", () => {
  it.each([
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000000000Z"],
    ["2026-01-02T03:04:05.6Z", "2026-01-02T03:04:05.600000000Z"],
    ["2026-01-02T03:04:05.000000001Z", "2026-01-02T03:04:05.000000001Z"],
    ["1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.250000000Z"],
  ])("reads %s", (text, same) => {
    expect(inNanoseconds(parseInstant(text))).toBe(same);
  });

  it.each(["", "yesterday", "2026-01-02", "2026-01-02T03:04:05+01:00", "2026-13-02T03:04:05Z", "2026-02-30T03:04:05Z"])(
    "refuses %j",
    (text) => {
      expect(() => parseInstant(text)).toThrow(RangeError);
    },
  );
});

describe("createClock()", () => {
  const zeros = (size: number) => Buffer.alloc(size);

  it("strictly increases while the clock stands still, even in microseconds", () => {
    const clock = createClock(() => 1_700_000_000_000, zeros);

    const seen = Array.from({ length: 100 }, () => inMicroseconds(clock()));

    expect(new Set(seen).size).toBe(100);
    expect(seen).toEqual([...seen].sort());
  });

  it("does not go back when the clock does", () => {
    const times = [2_000, 1_000];
    const clock = createClock(() => times.shift() ?? 0, zeros);

    const first = clock();

    expect(clock()).toBeGreaterThan(first);
  });

  it("keeps two instants of one tunnel at least 2 ms apart", () => {
    const clock = createClock(() => 1_000, zeros);

    const first = clock();

    expect(clock(first) - first).toBeGreaterThanOrEqual(2_000_000n);
  });
});
