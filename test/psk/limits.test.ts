import { DEFAULT_PATIENCE } from "../../src/psk/limits";
import { DEFAULT_SETTINGS } from "../../src/provider/settings";

const { deadlineMs, stragglerWaitMs, lagWaitMs, maxReads, maxGenerations } = DEFAULT_PATIENCE;
const lagWaitsMs = Array.from({ length: maxReads - 1 }, (_, index) => lagWaitMs * 2 ** index);
const verificationMs = lagWaitsMs.reduce((sum, ms) => sum + ms, 0);

describe("DEFAULT_PATIENCE", () => {
  it("gives lagging replicas 15 s = 1 + 2 + 4 + 8", () => {
    expect(lagWaitsMs).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(verificationMs).toBe(15_000);
  });

  it("leaves time for four lost answers of 50 s, the wait of 10 s after each, and a verification", () => {
    const { connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs } = DEFAULT_SETTINGS;
    const lostMs = connectTimeoutMs + headersTimeoutMs + bodyTimeoutMs;

    expect([maxGenerations, lostMs, stragglerWaitMs]).toEqual([4, 50_000, 10_000]);
    expect(deadlineMs).toBe(300_000);
    expect(maxGenerations * (lostMs + stragglerWaitMs) + verificationMs).toBeLessThan(deadlineMs);
  });
});
