import type { PingReport } from "../../support/strongswan";

/** One ping of a path, answered or not. */
interface Sent {
  readonly atMs: number;
  readonly answered: boolean;
}

/** A path about which nothing is known for so long counts as down. */
const WITNESS_MS = 100;

/**
 * How many pings would have been lost by a site that sends each over a path that is up: those that one path lost while
 * the other lost its own, too.
 */
export function lostOnBoth(one: PingReport, other: PingReport): number {
  const [first, second] = [timeline(one), timeline(other)];
  return Math.max(lostWithout(first, second), lostWithout(second, first));
}

function lostWithout(path: readonly Sent[], other: readonly Sent[]): number {
  return path.filter(({ atMs, answered }) => !answered && !hasDelivered(other, atMs)).length;
}

/** By the ping that was sent nearest to that time. */
function hasDelivered(path: readonly Sent[], atMs: number): boolean {
  const distance = (ping: Sent) => Math.abs(ping.atMs - atMs);
  const nearest = path.reduce((best, ping) => (distance(ping) < distance(best) ? ping : best));
  return nearest.answered && distance(nearest) <= WITNESS_MS;
}

/** Nobody says when a lost ping was sent: it lies between its answered neighbors, all at the same distance. */
function timeline({ sent, replies }: PingReport): Sent[] {
  const ordered = [...replies].sort((a, b) => a.sequence - b.sequence);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined) throw new Error("Cannot time the pings as none was answered");
  const usualMs = (last.sentAtMs - first.sentAtMs) / Math.max(1, last.sequence - first.sequence);

  return Array.from({ length: sent }, (_, index) => {
    const sequence = index + 1;
    const before = ordered.findLast((reply) => reply.sequence <= sequence);
    const after = ordered.find((reply) => reply.sequence >= sequence);
    if (before !== undefined && before === after) return { atMs: before.sentAtMs, answered: true };
    if (before === undefined) return { atMs: first.sentAtMs - (first.sequence - sequence) * usualMs, answered: false };
    const stepMs =
      after === undefined ? usualMs : (after.sentAtMs - before.sentAtMs) / (after.sequence - before.sequence);
    return { atMs: before.sentAtMs + (sequence - before.sequence) * stepMs, answered: false };
  });
}
