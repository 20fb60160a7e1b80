import { DEFAULT_LIMITS } from "../../src/psk/limits";
import type { Action, Schedule } from "./schedule";

/** The shortest schedules that reproduce mistakes found by random ones. They run first. */
export const examples: [Schedule][] = [
  // The state kept a trigger map that the failed update had added, so with "fail" nothing asked for a key any more.
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
  // A forced update that generated forgot the existing key, so the `existingKey` left in the program was refused.
  [
    schedule([
      up(),
      up({ edit: { kind: "existingKey", which: "active" } }),
      { kind: "initErrors" },
      up({ faults: [{ kind: "rotation" }] }),
      up(),
    ]),
  ],
  // A forced update generated, although its engine had died during the verification.
  [schedule([up(), { kind: "rotation" }, { kind: "initErrors" }, up({ faults: [{ kind: "orphan" }] })])],
  // A plain `up` called a key active that someone else had replaced.
  [schedule([up(), { kind: "rotation" }, up()])],
  // The list of the diff lagged behind the rotation, so that `up` saw it only the next time.
  [schedule([up(), { kind: "rotation" }, up({ faults: [{ kind: "lag", by: 1 }] }), up()])],
  // A forced update was the first to see a rotation by someone else, and ignored "fail".
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
