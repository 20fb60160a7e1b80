import { DEFAULT_LIMITS } from "../../src/psk/limits";
import type { Action, Schedule } from "./schedule";

/** The shortest schedules of mistakes that random ones have found. They run first. */
export const examples: [Schedule][] = [
  // A trigger map that the failed update added went into the state, so that with "fail" nothing asked for a key any more.
  [
    schedule([
      up(),
      up({
        edit: { kind: "triggers", to: { a: "1" } },
        faults: [{ kind: "none" }, { kind: "rotation" }, { kind: "refused" }],
      }),
      up({ edit: { kind: "onExternalRotation", to: "fail" } }),
    ]),
  ],
  // A forced update that had to generate forgot the adoption, so that the `adopt` left in the program was refused.
  [
    schedule([
      up(),
      up({ edit: { kind: "existingKey", which: "edge" } }),
      { kind: "initErrors" },
      up({ faults: [{ kind: "rotation" }] }),
      up(),
    ]),
  ],
  // A forced update whose engine died during the verification generated all the same.
  [schedule([up(), { kind: "rotation" }, { kind: "initErrors" }, up({ faults: [{ kind: "orphan" }] })])],
  // A forced update was the first to see an outside rotation, and did not ask.
  [
    schedule([
      up({ edit: { kind: "onExternalRotation", to: "fail" } }),
      { kind: "initErrors" },
      { kind: "rotation" },
      up(),
    ]),
  ],
];

function schedule(actions: readonly Action[]): Schedule {
  return { operationTimeoutMs: DEFAULT_LIMITS.operationTimeoutMs, skewMs: 0, actions };
}

function up(options: Partial<Extract<Action, { kind: "up" }>> = {}): Action {
  return { kind: "up", edit: { kind: "none" }, refresh: false, faults: [], ...options };
}
