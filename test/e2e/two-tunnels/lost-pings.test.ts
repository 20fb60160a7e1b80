import type { PingReport } from "../../support/strongswan";
import { lostOnBoth } from "./lost-pings";

/** Makes a report of one ping every 10 ms from `startMs` on, of which those with these sequence numbers were lost. */
function report(startMs: number, sent: number, lost: readonly number[]): PingReport {
  const sequences = Array.from({ length: sent }, (_, index) => index + 1);
  const replies = sequences
    .filter((sequence) => !lost.includes(sequence))
    .map((sequence) => ({ sequence, sentAtMs: startMs + sequence * 10, roundTripMs: 1 }));
  return { sent, received: replies.length, lost, replies };
}

describe("lostOnBoth()", () => {
  it("is 0 if the paths are down one after the other", () => {
    expect(lostOnBoth(report(0, 100, [20, 21, 22]), report(0, 100, [23, 24, 25]))).toBe(0);
  });

  it("counts what was lost while both were down", () => {
    expect(lostOnBoth(report(0, 100, [20, 21, 22, 23]), report(0, 100, [22, 23, 24, 25]))).toBe(2);
  });

  it("compares times, not sequence numbers", () => {
    const [one, later] = [report(0, 100, [50, 51, 52]), report(400, 100, [10, 11, 12])];

    expect(lostOnBoth(one, later)).toBe(3);
    expect(lostOnBoth(one, report(400, 100, [50, 51, 52]))).toBe(0);
  });

  it("counts what was lost at the end, after the last reply", () => {
    expect(lostOnBoth(report(0, 100, [98, 99, 100]), report(0, 100, [99, 100]))).toBe(2);
  });

  it("trusts no path that did not ping at the time", () => {
    expect(lostOnBoth(report(0, 100, [90]), report(0, 40, []))).toBe(1);
  });
});
