import type { DatedPsk } from "./clock-skew";
import { instantMs } from "./timestamp";

const DAY_MS = 86_400_000;

/**
 * A key's age in whole UTC days: the UTC date of now minus the UTC date of its generation. A key made one minute before
 * midnight is a day old two minutes later.
 *
 * It counts from the generation by this machine's clock, where that was noted because the clock was wrong; if it was
 * corrected since, so that this lies in the future, from Cloudflare's time stamp.
 *
 * @returns `undefined` where the time stamp is not known.
 */
export function ageInDays(
  { lastGeneratedOn, localGeneratedOn }: Pick<DatedPsk, "lastGeneratedOn" | "localGeneratedOn">,
  nowMs: number,
): number | undefined {
  const generatedMs = instantMs(instantMs(localGeneratedOn) <= nowMs ? localGeneratedOn : lastGeneratedOn);
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
