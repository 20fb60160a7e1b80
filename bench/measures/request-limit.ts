import { createClient } from "../../src/cloudflare/client";
import { createRateLimiter } from "../../src/cloudflare/rate-limiter";
import { createLifecycle } from "../../src/psk/lifecycle";
import type { TunnelApi } from "../../src/psk/tunnel-api";
import { tunnelsThrough } from "../../src/connection/cloudflare-tunnels";
import { listsThrough } from "../../src/connection/shared-lists";
import { DEFAULTS } from "../../src/connection/settings";
import { type CloudflareApi, createCloudflareApi, DEFAULT_LIMIT } from "../../src/simulator";
import { createFakeClock, type FakeClock } from "../../test/support/fake-clock";
import type { Recorder } from "../samples";
import { createVirtualNetwork } from "./virtual-network";

const KEYS = 2_000;
/** The engine's default on a machine with 2 cores. */
const PARALLEL = 8;
const ROUND_TRIP_MS = 200;

/**
 * Measures how long the creation of keys takes under Cloudflare's published request limit. Lifecycle, client and limiter are
 * real; network and clock are virtual. Virtual time does not vary, so one round is enough.
 */
export async function measureRequestLimit(record: Recorder): Promise<void> {
  const clock = createFakeClock();
  const startedAt = clock.now();
  const { statuses, api } = countingApi(clock);
  const tunnelIds = Array.from({ length: KEYS }, () => api.addTunnel());

  await clock.runUntil(createAll(api, clock, tunnelIds));

  if (statuses.includes(429)) throw new Error("Cannot use this run: the request limit was exceeded");
  record("limitedSeconds", "dynamic", (clock.now() - startedAt) / 1_000);
  record("limitedSeconds", "floor", leastSeconds());
}

function countingApi(clock: FakeClock): { api: CloudflareApi; statuses: readonly number[] } {
  const statuses: number[] = [];
  const api = createCloudflareApi({ now: clock.now, limit: DEFAULT_LIMIT });
  const handle: CloudflareApi["handle"] = (...request) => {
    const response = api.handle(...request);
    statuses.push(response.status);
    return response;
  };
  return { api: { ...api, handle }, statuses };
}

async function createAll(api: CloudflareApi, clock: FakeClock, tunnelIds: readonly string[]): Promise<void> {
  const tunnels = tunnelsOf(api, clock);
  const lifecycle = createLifecycle({
    tunnels: () => Promise.resolve(tunnels),
    drift: () => Promise.resolve(undefined),
    names: () => Promise.resolve({ atHand: () => Promise.resolve(undefined), fresh: () => Promise.resolve(undefined) }),
    clock,
    limits: () => DEFAULTS,
    announce: () => undefined,
    requireEngine: () => Promise.resolve(),
  });
  const open = tunnelIds.values();
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const ipsecTunnelId of open) {
        const { status } = await lifecycle.create({ accountId: api.accountId, ipsecTunnelId });
        if (status !== "active") throw new Error(`Cannot use this run: a key ended as "${status}"`);
      }
    }),
  );
}

/** Returns the provider's own tunnels over a virtual network. */
function tunnelsOf(api: CloudflareApi, clock: FakeClock): TunnelApi {
  const client = createClient({
    baseUrl: new URL("http://127.0.0.1/client/v4"),
    credentials: { scheme: "apiToken", apiToken: api.apiToken, origin: { name: "the benchmark" } },
    dispatcher: createVirtualNetwork(api, clock, ROUND_TRIP_MS),
    userAgent: "bench",
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
    timeoutMs: DEFAULTS.requestTimeoutMs,
    backoffMs: DEFAULTS.backoffMs,
    limiter: createRateLimiter(clock),
  });
  return tunnelsThrough({ client, lists: listsThrough(client, clock, { ...DEFAULTS, parallel: PARALLEL }) });
}

/**
 * Returns the shortest possible time with 1 + 1/8 requests per key: whole windows for the keys that exceed the limit, then the
 * rest in waves of eight. Each wave takes one round trip to generate, and one for the read that its eight keys share.
 */
function leastSeconds(): number {
  const perKey = 1 + 1 / PARALLEL;
  const fullWindows = Math.ceil((KEYS * perKey) / DEFAULT_LIMIT.requests) - 1;
  const keysLeft = KEYS - (fullWindows * DEFAULT_LIMIT.requests) / perKey;
  return (fullWindows * DEFAULT_LIMIT.windowMs + (keysLeft / PARALLEL) * 2 * ROUND_TRIP_MS) / 1_000;
}
