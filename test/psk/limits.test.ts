import { DEFAULTS } from "../../src/connection/settings";
import { DEFAULT_LIMITS } from "../../src/psk/limits";

const { operationTimeoutMs, lostResponseWaitMs, lagWaitMs, maxReads, maxGenerations } = DEFAULT_LIMITS;
const lagWaitsMs = Array.from({ length: maxReads - 1 }, (_, index) => lagWaitMs * 2 ** index);
const verificationMs = lagWaitsMs.reduce((sum, ms) => sum + ms, 0);

describe("DEFAULT_LIMITS", () => {
  it("gives lagging replicas 15 s = 1 + 2 + 4 + 8", () => {
    expect(lagWaitsMs).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(verificationMs).toBe(15_000);
  });

  it("leaves time for four lost responses of 50 s, the wait of 10 s after each, and a verification", () => {
    const { requestTimeoutMs } = DEFAULTS;

    expect([maxGenerations, requestTimeoutMs, lostResponseWaitMs]).toEqual([4, 50_000, 10_000]);
    expect(operationTimeoutMs).toBe(300_000);
    expect(maxGenerations * (requestTimeoutMs + lostResponseWaitMs) + verificationMs).toBeLessThan(operationTimeoutMs);
  });
});
