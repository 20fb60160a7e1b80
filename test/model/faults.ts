import fc from "fast-check";
import { DEFAULT_LIMITS } from "../../src/psk/limits";

/** What happens around one call to Cloudflare. A fault that does not apply to the call has no effect. */
export type Fault =
  | { readonly kind: "none" }
  /** Someone else generates a key just before the call. */
  | { readonly kind: "rotation" }
  /** Someone else deletes the tunnel just before the call. */
  | { readonly kind: "deletion" }
  /** Cloudflare asks to wait, then carries out the call. */
  | { readonly kind: "throttled"; readonly waitMs: number }
  | { readonly kind: "refused" }
  | { readonly kind: "unreachable" }
  /** A lost response. A generation takes effect before the loss is noticed, never, or so many milliseconds after it. */
  | { readonly kind: "lost"; readonly effect: "before" | "never" | number; readonly slow: boolean }
  | { readonly kind: "noTimestamp" }
  /** A read shows the key before the last one, or the one before that. */
  | { readonly kind: "lag"; readonly by: 1 | 2 }
  /** A list leaves the tunnel out. */
  | { readonly kind: "missing" }
  /** The provider dies. */
  | { readonly kind: "kill"; readonly effect: "before" | "never" | number }
  /** The engine dies; the provider goes on. */
  | { readonly kind: "orphan" };

// Some of them take effect within `lostResponseWaitMs`, some after it.
const late = fc.integer({ min: 1, max: 2 * DEFAULT_LIMITS.lostResponseWaitMs });
const effect = fc.oneof(fc.constant("before" as const), fc.constant("never" as const), late);

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fault>({ kind: "none" }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("lost" as const), effect, slow: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("lag" as const), by: fc.constantFrom(1 as const, 2 as const) }),
  },
  { weight: 3, arbitrary: fc.constantFrom<Fault>({ kind: "refused" }, { kind: "unreachable" }, { kind: "missing" }) },
  { weight: 2, arbitrary: fc.constant<Fault>({ kind: "rotation" }) },
  { weight: 1, arbitrary: fc.constantFrom<Fault>({ kind: "noTimestamp" }, { kind: "orphan" }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("throttled" as const), waitMs: fc.integer({ min: 1, max: 600_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("kill" as const), effect }) },
);
const rareFault = fc.oneof(
  { weight: 60, arbitrary: fault },
  { weight: 1, arbitrary: fc.constant<Fault>({ kind: "deletion" }) },
);

/** The faults of one command, in the order of its calls; calls beyond the end have none. */
export const faults: fc.Arbitrary<readonly Fault[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<readonly Fault[]>([]) },
  { weight: 5, arbitrary: fc.array(rareFault, { maxLength: 10 }) },
);
