import { type PingReport, type Pings, startPings } from "../../support/strongswan";
import { lostOnBoth } from "./lost-pings";
import type { RealSite } from "./real-site";

/** Pings that each of the two tunnels carried, one every 10 ms, and how many were lost. */
export interface Losses {
  readonly sent: number;
  readonly first: number;
  readonly second: number;
  /** What a site with failover would have lost. */
  readonly onBoth: number;
}

const REPLY_LIMIT_MS = 10_000;

/** Pings over both tunnels while something happens, and afterwards until those that should work have replied again. */
export async function underTraffic<Result>(
  site: RealSite,
  act: (site: RealSite) => Promise<Result>,
  { replyingAfterwards = [0, 1] }: { readonly replyingAfterwards?: readonly number[] } = {},
): Promise<{ result: Result; losses: Losses }> {
  const streams = site.routers.map((router) => startPings(router, site.edge.inside));
  let result: Result;
  let reports: readonly PingReport[];
  try {
    await Promise.all(streams.map(nextReply));
    result = await act(site);
    await Promise.all(streams.filter((_, index) => replyingAfterwards.includes(index)).map(nextReply));
  } finally {
    reports = await Promise.all(streams.map((pings) => pings.stop()));
  }

  const [first, second] = reports as [PingReport, PingReport];
  const sent = Math.min(first.sent, second.sent);
  const losses = { sent, first: first.lost.length, second: second.lost.length, onBoth: lostOnBoth(first, second) };
  return { result, losses };
}

function nextReply(pings: Pings): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      reject(new Error(`No ping had a reply for ${REPLY_LIMIT_MS / 1_000} s`));
    }, REPLY_LIMIT_MS);
    pings.onReply(() => {
      clearTimeout(limit);
      resolve();
    });
  });
}
