import { isFromProgram } from "../../src/psk/key-source";
import type { StoredState } from "../../src/psk/state";
import type { ExistingKey, ResolvedInputs } from "../../src/psk/inputs";
import type { Stored } from "./engine";

/** What the design expects of an `up`: the table of events, written a second time in another form. */
export type Expectation = "create" | "takeOver" | "generate" | "refuse" | "verify" | "same";

/**
 * @param now - By the provider's clock.
 * @param hasDrifted - Whether the diff has seen that another key is active.
 */
export function expectation(
  stored: Stored | undefined,
  program: ResolvedInputs,
  now: number,
  hasDrifted: boolean,
): Expectation {
  if (stored?.outputs.ipsecTunnelId !== program.ipsecTunnelId)
    return program.existingKey === undefined ? "create" : "takeOver";
  const { outputs, hasInitErrors } = stored;
  if (program.existingKey !== undefined && isNew(program.existingKey, outputs)) return "takeOver";
  const hasReason =
    (program.psk === undefined ? isFromProgram(outputs) : program.psk !== outputs.psk) ||
    triggersOf(outputs) !== triggersOf(program) ||
    isDue(outputs, program, now) ||
    !isCompatible(outputs.psk, program);
  if (hasReason || outputs.status === "lost") return "generate";
  if (outputs.status === "superseded") return program.onExternalRotation === "fail" ? "refuse" : "generate";
  return hasInitErrors || hasDrifted ? "verify" : "same";
}

function isNew({ psk, lastGeneratedOn }: ExistingKey, outputs: StoredState): boolean {
  // Existing keys of the schedules that differ have different timestamps.
  if (lastGeneratedOn !== outputs.existingKeyGeneratedOn) return true;
  // A lagging read may have given a key without a timestamp the one of the existing key.
  const isStillStored = Math.abs(Date.parse(outputs.lastGeneratedOn ?? "") - Date.parse(lastGeneratedOn)) <= 1;
  return isStillStored && psk !== outputs.psk;
}

function triggersOf({ rotationTriggers = {} }: Pick<ResolvedInputs, "rotationTriggers">): string {
  return JSON.stringify(Object.entries(rotationTriggers).sort());
}

// By each of the two clocks that may be right: one that shows a later time than now is not.
function isDue(
  { lastGeneratedOn, localGeneratedOn }: StoredState,
  { rotateAfterDays = Infinity }: ResolvedInputs,
  now: number,
): boolean {
  const date = (text: string) => Date.parse(text.slice(0, 10));
  const dates = [lastGeneratedOn, localGeneratedOn].filter((text) => text !== undefined && Date.parse(text) <= now);
  const ages = dates.map((text = "") => (date(new Date(now).toISOString()) - date(text)) / 86_400_000);
  return ages.length > 0 && ages.every((days) => days >= rotateAfterDays);
}

/** Tells whether a key is compatible: the schedules ask for keys without a hyphen at most. */
export function isCompatible(psk: string, { compatibleWith }: ResolvedInputs): boolean {
  return compatibleWith === undefined || !psk.includes("-");
}
