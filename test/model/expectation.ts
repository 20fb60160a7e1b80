import type { StoredState } from "../../src/psk/state";
import type { ExistingKey, Inputs } from "../../src/psk/inputs";
import type { Stored } from "./engine";

/** What the design says that an `up` does: the table of events, written a second time and in another way. */
export type Expectation = "create" | "existingKey" | "generate" | "refuse" | "settle" | "same";

/** @param now - By the provider's clock. */
export function expectation(stored: Stored | undefined, program: Inputs, now: number): Expectation {
  if (stored?.outputs.ipsecTunnelId !== program.ipsecTunnelId) return program.existingKey === undefined ? "create" : "existingKey";
  const { outputs, hasInitErrors } = stored;
  if (program.existingKey !== undefined && isNew(program.existingKey, outputs)) return "existingKey";
  const asked =
    triggersOf(outputs) !== triggersOf(program) ||
    isDue(outputs.localGeneratedOn ?? outputs.lastGeneratedOn, program, now) ||
    !suits(outputs.psk, program);
  if (asked || outputs.status === "lost") return "generate";
  if (outputs.status === "superseded") return program.onExternalRotation === "fail" ? "refuse" : "generate";
  return hasInitErrors ? "settle" : "same";
}

function isNew({ psk, lastGeneratedOn }: ExistingKey, outputs: StoredState): boolean {
  // Adoptions of the schedules differ in their time stamps whenever they differ.
  if (lastGeneratedOn !== outputs.existingKeyGeneratedOn) return true;
  // A key without a time stamp of its own may have been given the adopted one's by a lagging read.
  const isStillStored = Math.abs(Date.parse(outputs.lastGeneratedOn ?? "") - Date.parse(lastGeneratedOn)) <= 1;
  return isStillStored && psk !== outputs.psk;
}

function triggersOf({ rotationTriggers = {} }: Pick<Inputs, "rotationTriggers">): string {
  return JSON.stringify(Object.entries(rotationTriggers).sort());
}

function isDue(generatedOn: string | undefined, { rotateAfterDays = Infinity }: Inputs, now: number): boolean {
  if (generatedOn === undefined) return false;
  const date = (text: string) => Date.parse(text.slice(0, 10));
  return (date(new Date(now).toISOString()) - date(generatedOn)) / 86_400_000 >= rotateAfterDays;
}

/** The schedules ask for nothing but keys without a hyphen. */
export function suits(psk: string, { compatibleWith }: Inputs): boolean {
  return compatibleWith === undefined || !psk.includes("-");
}
