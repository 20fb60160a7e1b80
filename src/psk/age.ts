import { instantMs } from "./timestamp";

const DAY_MS = 86_400_000;

/**
 * A key's age in whole UTC days: the UTC date of now minus the UTC date of its generation. A key made one minute before
 * midnight is a day old two minutes later.
 *
 * @returns `undefined` where the time stamp is not known.
 */
export function ageInDays(lastGeneratedOn: string | undefined, nowMs: number): number | undefined {
  const generatedMs = instantMs(lastGeneratedOn);
  return Number.isNaN(generatedMs) ? undefined : dayOf(nowMs) - dayOf(generatedMs);
}

/** The UTC date, `YYYY-MM-DD`, from which on a key is due for rotation. */
export function rotateOn(lastGeneratedOn: string | undefined, rotateAfterDays: number | undefined): string | undefined {
  const generatedMs = instantMs(lastGeneratedOn);
  if (Number.isNaN(generatedMs) || rotateAfterDays === undefined) return undefined;
  const due = new Date((dayOf(generatedMs) + rotateAfterDays) * DAY_MS);
  return Number.isNaN(due.getTime()) ? undefined : due.toISOString().slice(0, 10);
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}
