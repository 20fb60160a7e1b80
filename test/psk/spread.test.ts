import { createHash } from "node:crypto";
import { spreadDays } from "../../src/psk/spread";
import { UNKNOWN } from "../../src/psk/sentinels";

const tunnelId = (index: number) => createHash("md5").update(`tunnel ${index}`).digest("hex");

describe("spreadDays()", () => {
  it("stays the same for one tunnel", () => {
    expect(spreadDays(tunnelId(1), 14)).toBe(spreadDays(tunnelId(1), 14));
  });

  it.each([
    ["it is left out", undefined],
    ["it is 0", 0],
    ["it is unknown", UNKNOWN as unknown as number],
  ])("is 0 if %s", (_what, spread) => {
    expect(spreadDays(tunnelId(1), spread)).toBe(0);
  });

  it.each([
    ["random IDs", tunnelId],
    ["IDs that count up", (index: number) => index.toString(16).padStart(32, "0")],
  ])("spreads 200 keys over 0 to 14 days, 13 a day on average and 24 at most: %s", (_what, idOf) => {
    const perDay = Array<number>(15).fill(0);
    for (let index = 0; index < 200; index++) {
      const days = spreadDays(idOf(index), 14);
      perDay[days] = (perDay[days] ?? Number.NaN) + 1;
    }

    expect(perDay.reduce((sum, count) => sum + count)).toBe(200);
    expect(Math.max(...perDay)).toBeLessThanOrEqual(24);
    expect(Math.min(...perDay)).toBeGreaterThan(0);
  });
});
