import type { GeneratedPsk } from "./edge";
import { instantMs } from "./timestamp";

// Less is what a slow answer, a time zone of none and an unsynchronized clock may come to; age counts in days.
const NOTICED_MS = 3_600_000;

/** A key with the time of its generation by this machine's clock, where that differs from Cloudflare's by more than an hour. */
export interface DatedPsk extends GeneratedPsk {
  /** RFC 3339, UTC. */
  readonly localGeneratedOn?: string;
}

/** @param nowMs - When the key was received, in milliseconds since the epoch. */
export function dated(key: GeneratedPsk, nowMs: number): DatedPsk {
  const isSkewed = Math.abs(nowMs - instantMs(key.lastGeneratedOn)) > NOTICED_MS;
  return isSkewed ? { ...key, localGeneratedOn: new Date(nowMs).toISOString() } : key;
}

/** Says by how much this machine's clock is wrong; `undefined` where it agrees with Cloudflare's. */
export function skewText({
  lastGeneratedOn,
  localGeneratedOn,
}: Pick<DatedPsk, "lastGeneratedOn" | "localGeneratedOn">): string | undefined {
  if (localGeneratedOn === undefined) return undefined;
  const minutes = Math.round((instantMs(localGeneratedOn) - instantMs(lastGeneratedOn)) / 60_000);
  return `this machine's clock is ${duration(Math.abs(minutes))} ${minutes > 0 ? "ahead of" : "behind"} Cloudflare's: correct it. Until then the key's age counts by this machine's clock`;
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
