import { instantMs } from "../rfc3339";
import type { GeneratedPsk } from "../tunnel";
import type { KeyDates } from "./timestamp";

// A slow response or an unsynchronized clock accounts for less; age counts in days.
const NOTICED_MS = 3_600_000;

/** A key with the time of its generation by this machine's clock, if that differs from Cloudflare's by more than an hour. */
export type DatedPsk = GeneratedPsk & KeyDates;

/**
 * Adds the time by this machine's clock to a key, if that clock is wrong.
 *
 * @param nowMs - When the key was received, in milliseconds since the epoch.
 */
export function dated(key: GeneratedPsk, nowMs: number): DatedPsk {
  const isSkewed = Math.abs(nowMs - instantMs(key.lastGeneratedOn)) > NOTICED_MS;
  return isSkewed ? { ...key, localGeneratedOn: new Date(nowMs).toISOString() } : key;
}

/** Says by how much this machine's clock is wrong; `undefined` if it agrees with Cloudflare's. */
export function skewText({ lastGeneratedOn, localGeneratedOn }: KeyDates): string | undefined {
  if (localGeneratedOn === undefined || lastGeneratedOn === undefined) return undefined;
  const minutes = Math.round((instantMs(localGeneratedOn) - instantMs(lastGeneratedOn)) / 60_000);
  return `this machine's clock is ${duration(Math.abs(minutes))} ${minutes > 0 ? "ahead of" : "behind"} Cloudflare's: correct it. Until then the key's age is counted by this machine's clock`;
}

function duration(minutes: number): string {
  const parts: [number, string][] = [
    [Math.floor(minutes / 1_440), "d"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "min"],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}
