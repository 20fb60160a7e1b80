/** Waits and counts of one operation. */
export interface Limits {
  /**
   * Milliseconds for one operation on one resource, without the waits that Cloudflare asks for: 0 to 999,999,999. With the native
   * provider, the resource option `customTimeouts` replaces it.
   *
   * A lost response costs at most 60 s: `requestTimeoutMs` (50 s) and `lostResponseWaitMs` (10 s). So there is time for
   * four of them and a verification.
   *
   * @default 300000 (5 minutes)
   */
  readonly operationTimeoutMs: number;
  /**
   * Milliseconds between a lost response and the next generation, 0 to 999,999,999, so that the late request takes effect first,
   * if ever.
   *
   * @default 10000 (10 s)
   */
  readonly lostResponseWaitMs: number;
  /** Milliseconds before a read that showed an older timestamp is repeated; doubled each time. */
  readonly lagWaitMs: number;
  /** Reads to verify one generation. */
  readonly maxReads: number;
  /** Generations for one key: after lost responses, or after generations of someone else. */
  readonly maxGenerations: number;
}

export const DEFAULT_LIMITS: Limits = {
  operationTimeoutMs: 300_000,
  lostResponseWaitMs: 10_000,
  // With 5 reads at most 1 + 2 + 4 + 8 = 15 s.
  lagWaitMs: 1_000,
  maxReads: 5,
  maxGenerations: 4,
};
