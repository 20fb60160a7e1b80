/** Waits and counts of one process, not of a resource: arguments of `Provider`, or stack config `cloudflare-ipsec-psk:<name>`. */
export interface Patience {
  /**
   * Milliseconds for one operation on one resource, without the waits that Cloudflare asks for.
   * With the other defaults a lost answer costs at most 50 s (10 to connect, 30 for headers, 10 for the body) and 10 s of
   * `stragglerWaitMs`, so that there is time for four of them and a verification.
   *
   * @default 300000 (5 minutes)
   */
  readonly deadlineMs: number;
  /**
   * Milliseconds between a lost answer and the next generation, so that the lost one takes effect first, if it ever does.
   *
   * @default 10000 (10 s)
   */
  readonly stragglerWaitMs: number;
  /**
   * Milliseconds before a read that showed an older time stamp is repeated; doubled each time.
   *
   * @default 1000 (1 s; with `maxReads` 5 at most 15 s = 1 + 2 + 4 + 8)
   */
  readonly lagWaitMs: number;
  /**
   * Reads to verify one generation.
   *
   * @default 5
   */
  readonly maxReads: number;
  /**
   * Generations for one key: after a lost answer, or when somebody else's generation came after ours.
   *
   * @default 4
   */
  readonly maxGenerations: number;
}

export const DEFAULT_PATIENCE: Patience = {
  deadlineMs: 300_000,
  stragglerWaitMs: 10_000,
  lagWaitMs: 1_000,
  maxReads: 5,
  maxGenerations: 4,
};
