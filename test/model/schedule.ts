import fc from "fast-check";
import type { ResolvedInputs } from "../../src/psk/inputs";
import { DEFAULT_LIMITS } from "../../src/psk/limits";
import { type Fault, faults } from "./faults";

/** How the user changes the program before a command. */
export type Edit =
  | { readonly kind: "none" }
  | { readonly kind: "triggers"; readonly to: Readonly<Record<string, string>> | undefined }
  | { readonly kind: "tunnel" }
  | { readonly kind: "existingKey"; readonly which: "active" | "first" | "none" }
  | { readonly kind: "rotateAfterDays"; readonly to: number | undefined }
  | { readonly kind: "onExternalRotation"; readonly to: "regenerate" | "fail" }
  /** Gives a key, or none: then one is generated. */
  | { readonly kind: "psk"; readonly to: string | undefined }
  | { readonly kind: "compatibleWith"; readonly to: ResolvedInputs["compatibleWith"] };

/** One step of a schedule: a command of the user, or an event between commands. */
export type Action =
  | { readonly kind: "up"; readonly edit: Edit; readonly refresh: boolean; readonly faults: readonly Fault[] }
  | { readonly kind: "refresh"; readonly faults: readonly Fault[] }
  | { readonly kind: "destroy" }
  /** Makes the engine update, as after a partial failure that kept an active key. */
  | { readonly kind: "initErrors" }
  | { readonly kind: "rotation" }
  | { readonly kind: "deletion" }
  | { readonly kind: "pass"; readonly ms: number };

// Few values, so that triggers stay the same, change, and change back.
const triggers = fc.constantFrom(undefined, { a: "1" }, { a: "2" }, { a: "1", b: "1" });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Edit>({ kind: "none" }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("triggers" as const), to: triggers }) },
  { weight: 1, arbitrary: fc.constant<Edit>({ kind: "tunnel" }) },
  {
    weight: 2,
    // Without hyphens, which the schedules' consumers do not accept.
    arbitrary: fc.record({ kind: fc.constant("psk" as const), to: fc.constantFrom(undefined, "set1", "set2") }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("existingKey" as const),
      which: fc.constantFrom("active" as const, "first" as const, "none" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("rotateAfterDays" as const), to: fc.constantFrom(undefined, 1, 30) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("onExternalRotation" as const),
      to: fc.constantFrom("regenerate" as const, "fail" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("compatibleWith" as const),
      to: fc.constantFrom<ResolvedInputs["compatibleWith"]>(undefined, ["azure"], ["azure"]),
    }),
  },
);

const up = fc.record({ kind: fc.constant("up" as const), edit, refresh: fc.boolean(), faults });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 12, arbitrary: up },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("refresh" as const), faults }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      ms: fc.constantFrom(1_000, 15_000, 86_400_000, 30 * 86_400_000),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Action>({ kind: "destroy" }, { kind: "initErrors" }) },
  { weight: 1, arbitrary: fc.constant<Action>({ kind: "rotation" }) },
);
const rareAction = fc.oneof(
  { weight: 40, arbitrary: action },
  { weight: 1, arbitrary: fc.constant<Action>({ kind: "deletion" }) },
);

export interface Schedule {
  readonly operationTimeoutMs: number;
  readonly skewMs: number;
  readonly setMovesTimestamp: boolean;
  readonly actions: readonly Action[];
}

/** Random schedules of commands, changes of the program, and faults. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  // With the default, most operations end before the timeout; short ones are exceeded often.
  operationTimeoutMs: fc.constantFrom(DEFAULT_LIMITS.operationTimeoutMs, 60_000, 10_000),
  // Half an hour counts as a correct clock; the others are wrong by more than the greatest rotateAfterDays.
  skewMs: fc.constantFrom(0, 0, 0, 1_800_000, 40 * 86_400_000, -40 * 86_400_000),
  // Not established; the model may not depend on it.
  setMovesTimestamp: fc.boolean(),
  actions: fc.array(rareAction, { minLength: 1, maxLength: 16, size: "max" }),
});
