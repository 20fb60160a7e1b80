/**
 * Finds out on a real account what Cloudflare's public documentation leaves open about its API. It replaces the key of one tunnel, so
 * it requires an explicit flag, and a tunnel that carries no traffic:
 *
 *   CLOUDFLARE_API_TOKEN=… npm run acceptance -- --account <id> --tunnel <id> --this-tunnel-may-lose-its-key
 */
import { parseArgs } from "node:util";
import { callerOf } from "./api";
import { type Finding, findFacts } from "./facts";

const FLAG = "this-tunnel-may-lose-its-key";

const USAGE = `Usage: CLOUDFLARE_API_TOKEN=… npm run acceptance -- --account <id> --tunnel <id> --${FLAG}

Finds out on a real account what Cloudflare's documentation leaves open about its API.

It replaces the tunnel's key several times and keeps none of the keys: use a tunnel that carries no traffic.
The token needs the permission "Magic WAN Write" or "Magic Transit Write".
`;

const CLOSING = `
The tunnel now has a key that was not kept: generate a new key before you use the tunnel.
Please report results that contradict the assumptions in src/simulator/assumptions.ts.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      account: { type: "string" },
      tunnel: { type: "string" },
      [FLAG]: { type: "boolean" },
    },
  });
  const { CLOUDFLARE_API_TOKEN: apiToken = "", CLOUDFLARE_BASE_URL: ownBaseUrl = "" } = process.env;
  const { account: accountId = "", tunnel: ipsecTunnelId = "" } = values;
  const missing = Object.entries({
    CLOUDFLARE_API_TOKEN: apiToken !== "",
    "--account": accountId !== "",
    "--tunnel": ipsecTunnelId !== "",
    [`--${FLAG}`]: values[FLAG] === true,
  }).flatMap(([name, isGiven]) => (isGiven ? [] : [name]));
  if (missing.length > 0) {
    process.stderr.write(`Cannot start: missing ${missing.join(", ")}. Nothing was sent.\n\n${USAGE}`);
    return 2;
  }

  const baseUrl = ownBaseUrl === "" ? "https://api.cloudflare.com/client/v4" : ownBaseUrl;
  const today = new Date().toISOString().slice(0, 10);
  process.stdout.write(`Testing ${baseUrl} on ${today}. "Timestamp" means psk_metadata.last_generated_on.\n\n`);
  process.stdout.write(tableOf(await findFacts(callerOf({ baseUrl, apiToken, accountId, ipsecTunnelId }))));
  process.stdout.write(CLOSING);
  return 0;
}

function tableOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ fact }) => fact.length));
  return findings.map(({ fact, result }) => `${fact.padEnd(width)}  ${result}\n`).join("");
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
