import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Daemon } from "./daemon";

/** One end of a tunnel: an edge or a gateway. */
type End = Pick<Daemon, "pid"> & { readonly inside: string };

export interface PingOptions {
  /** Milliseconds from one ping to the next. Default: 10. */
  readonly intervalMs?: number;
}

/** One ping that had a reply. */
export interface Reply {
  /** Counts from 1 on, including pings that were lost or could not be sent. */
  readonly sequence: number;
  /** When it was sent, in milliseconds since the epoch. */
  readonly sentAtMs: number;
  readonly roundTripMs: number;
}

export interface PingReport {
  readonly sent: number;
  readonly received: number;
  /** Pings without a reply, or that could not be sent, by sequence; the last one only if it had its time. */
  readonly lost: readonly number[];
  readonly replies: readonly Reply[];
}

export interface Pings {
  /** Calls `hear` with each reply as it comes. */
  onReply(hear: (reply: Reply) => void): void;
  stop(): Promise<PingReport>;
}

/**
 * Pings from one end's inside address to an inside address of the other end, until `count` replies came or `limitS`
 * seconds (default: 5) went by. Resolves to the number of replies, `count` at most.
 */
export async function ping(
  from: End,
  to: string,
  { count, limitS = 5, ...options }: PingOptions & { readonly count: number; readonly limitS?: number },
): Promise<number> {
  // With -c alone, ping would not wait for the last reply longer than one interval.
  const { received } = await launch(from, to, options, ["-c", String(count), "-w", String(limitS)]).ended;
  // A busy machine may read several replies together.
  return Math.min(received, count);
}

/** Pings until it is stopped, for 65,535 pings at most. */
export function startPings(from: End, to: string, options: PingOptions = {}): Pings {
  const { child, hearers, ended } = launch(from, to, options, []);
  return {
    onReply: (hear) => hearers.push(hear),
    stop: async () => {
      child.kill("SIGINT");
      const report = await ended;
      // The last one may still have been on its way.
      const { lost, sent } = report;
      return lost.at(-1) === sent ? { ...report, sent: sent - 1, lost: lost.slice(0, -1) } : report;
    },
  };
}

function launch(from: End, to: string, { intervalMs = 10 }: PingOptions, limits: readonly string[]) {
  // `-l 2` makes up for a ping that a busy machine sent late; otherwise, 10 ms would become 12 to 16.
  const interval = ["-n", "-D", "-I", from.inside, "-i", String(intervalMs / 1_000), "-l", "2", ...limits, to];
  const child = spawn(
    "setpriv",
    ["--pdeathsig", "KILL", "nsenter", "--target", String(from.pid), "--net", "ping", ...interval],
    {
      env: { PATH: process.env.PATH, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const hearers: ((reply: Reply) => void)[] = [];
  const replies: Reply[] = [];
  let sent = 0;
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    sent = Number(/^(\d+) packets transmitted/.exec(line)?.[1] ?? sent);
    const reply = replyIn(line);
    // A duplicate is not another reply.
    if (!reply || replies.some(({ sequence }) => sequence === reply.sequence)) return;
    replies.push(reply);
    for (const hear of hearers) hear(reply);
  });

  async function end(): Promise<PingReport> {
    await Promise.all([once(lines, "close"), once(child, "exit")]);
    const replied = new Set(replies.map(({ sequence }) => sequence));
    const lost = Array.from({ length: sent }, (_, index) => index + 1).filter((sequence) => !replied.has(sequence));
    return { sent, received: replies.length, lost, replies };
  }
  return { child, hearers, ended: end() };
}

/** For example "[1763881200.123456] 64 bytes from 10.99.1.1: icmp_seq=7 ttl=64 time=0.345 ms". */
function replyIn(line: string): Reply | undefined {
  const [, seconds, sequence, time] = /^\[(\d+\.\d+)\] .*icmp_seq=(\d+) .*time=([\d.]+) ms/.exec(line) ?? [];
  if (seconds === undefined) return undefined;
  const roundTripMs = Number(time);
  return { sequence: Number(sequence), sentAtMs: Number(seconds) * 1_000 - roundTripMs, roundTripMs };
}
