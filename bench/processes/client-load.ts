/** Calls `psk_generate` as often as one client can, 16 calls in parallel. */
import { setTimeout as sleep } from "node:timers/promises";
import Cloudflare from "cloudflare";
import { Agent, request } from "undici";
import type * as tunnels from "../../src/cloudflare/ipsec-tunnels";
import type * as limiters from "../../src/cloudflare/rate-limiter";
import type * as connections from "../../src/provider/connection";
import type * as settings from "../../src/provider/settings";
import { reportResult } from "./child";
import { TUNNEL } from "./tunnel";

export type ClientName = "ours" | "undici" | "cloudflare";

export interface ClientLoadInput {
  readonly client: ClientName;
  readonly baseUrl: string;
  readonly seconds: number;
}

const PARALLEL = 16;
const API_TOKEN = "fake-token-for-the-benchmark-only";

/** Generates one key, and returns it. */
type Call = () => Promise<string | undefined>;

const CLIENTS: Readonly<Record<ClientName, (baseUrl: string) => Call | Promise<Call>>> = { ours, undici, cloudflare };

reportResult(async ({ client, baseUrl, seconds }: ClientLoadInput): Promise<number> => {
  const call = await CLIENTS[client](baseUrl);
  // Warms up: compiles the code and opens the connections.
  await callsPerSecond(call, seconds / 2);
  return callsPerSecond(call, seconds);
});

async function callsPerSecond(call: Call, seconds: number): Promise<number> {
  let calls = 0;
  let isOver = false;
  const startedAt = performance.now();
  void sleep(seconds * 1_000).then(() => (isOver = true));
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (; !isOver; calls++) {
        if ((await call()) === undefined) throw new Error("Cannot use this run: a response had no key");
      }
    }),
  );
  return calls / ((performance.now() - startedAt) / 1_000);
}

/** The provider's own client, with its limiter and all checks of a response. */
async function ours(baseUrl: string): Promise<Call> {
  const { connect, environment } = (await built("provider/connection")) as typeof connections;
  const { DEFAULTS } = (await built("provider/settings")) as typeof settings;
  const { generatePsk } = (await built("cloudflare/ipsec-tunnels")) as typeof tunnels;
  const { createRateLimiter } = (await built("cloudflare/rate-limiter")) as typeof limiters;

  const variables = environment({ CLOUDFLARE_API_TOKEN: API_TOKEN, CLOUDFLARE_BASE_URL: baseUrl });
  const connection = connect([variables], DEFAULTS, createRateLimiter({ now: Date.now, sleep }));
  if (connection === undefined) throw new Error("Cannot call the API: no credentials are configured");
  return async () => (await generatePsk(connection.client, TUNNEL, { announce: () => undefined })).psk;
}

function built(module: string): Promise<unknown> {
  return import(`../../dist/${module}.js`);
}

/** HTTP alone: checks only that the body is JSON. */
function undici(baseUrl: string): Call {
  const dispatcher = new Agent();
  const url = `${baseUrl}/accounts/${TUNNEL.accountId}/magic/ipsec_tunnels/${TUNNEL.ipsecTunnelId}/psk_generate`;
  const headers = { authorization: `Bearer ${API_TOKEN}`, "content-type": "application/json" };
  return async () => {
    const { body } = await request(url, { dispatcher, method: "POST", headers, body: "{}" });
    return ((await body.json()) as { result?: { psk?: string } }).result?.psk;
  };
}

function cloudflare(baseURL: string): Call {
  const client = new Cloudflare({ apiToken: API_TOKEN, baseURL });
  const params = { account_id: TUNNEL.accountId };
  return async () => (await client.magicTransit.ipsecTunnels.pskGenerate(TUNNEL.ipsecTunnelId, params)).psk;
}
