import type { PingReport } from "../../support/strongswan";

/** One ping of a path, with or without a reply. */
interface Sent {
  readonly atMs: number;
  readonly replied: boolean;
}

/** After so long without a ping, a path counts as down. */
const WITNESS_MS = 100;

/** Counts the pings that a site with failover would have lost: those that one path lost while the other lost its own. */
export function lostOnBoth(one: PingReport, other: PingReport): number {
  const [first, second] = [timeline(one), timeline(other)];
  return Math.max(lostWithout(first, second), lostWithout(second, first));
}

function lostWithout(path: readonly Sent[], other: readonly Sent[]): number {
  return path.filter(({ atMs, replied }) => !replied && !hasDelivered(other, atMs)).length;
}

/** Judges a path by the ping that was sent nearest to a time. */
function hasDelivered(path: readonly Sent[], atMs: number): boolean {
  const distance = (ping: Sent) => Math.abs(ping.atMs - atMs);
  const nearest = path.reduce((best, ping) => (distance(ping) < distance(best) ? ping : best));
  return nearest.replied && distance(nearest) <= WITNESS_MS;
}

/** Times every ping. A lost one has no time of its own: it lies between its neighbors with replies, at equal distances. */
function timeline({ sent, replies }: PingReport): Sent[] {
  const ordered = [...replies].sort((a, b) => a.sequence - b.sequence);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined) throw new Error("Cannot time the pings: none has a reply");
  const usualMs = (last.sentAtMs - first.sentAtMs) / Math.max(1, last.sequence - first.sequence);

  return Array.from({ length: sent }, (_, index) => {
    const sequence = index + 1;
    const before = ordered.findLast((reply) => reply.sequence <= sequence);
    const after = ordered.find((reply) => reply.sequence >= sequence);
    if (before !== undefined && before === after) return { atMs: before.sentAtMs, replied: true };
    if (before === undefined) return { atMs: first.sentAtMs - (first.sequence - sequence) * usualMs, replied: false };
    const stepMs =
      after === undefined ? usualMs : (after.sentAtMs - before.sentAtMs) / (after.sequence - before.sequence);
    return { atMs: before.sentAtMs + (sequence - before.sequence) * stepMs, replied: false };
  });
}
