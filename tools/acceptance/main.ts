/**
 * Finds out on a real account what is not established about Cloudflare's API. It takes the key of one tunnel, so it runs
 * only with an explicit flag, and on a tunnel that carries no traffic:
 *
 *   CLOUDFLARE_API_TOKEN=… npm run acceptance -- --account <id> --tunnel <id> --this-tunnel-may-lose-its-key
 */
import { parseArgs } from "node:util";
import { tunnelApi } from "./api";
import { findFacts } from "./facts";

const USAGE =
  "Usage: CLOUDFLARE_API_TOKEN=… npm run acceptance -- --account <id> --tunnel <id> --this-tunnel-may-lose-its-key\n";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      account: { type: "string" },
      tunnel: { type: "string" },
      "this-tunnel-may-lose-its-key": { type: "boolean" },
    },
  });
  const { CLOUDFLARE_API_TOKEN: apiToken = "", CLOUDFLARE_BASE_URL: ownBaseUrl = "" } = process.env;
  const { account: accountId, tunnel: ipsecTunnelId } = values;
  const isAllowed = values["this-tunnel-may-lose-its-key"] === true;
  if (apiToken === "" || accountId === undefined || ipsecTunnelId === undefined || !isAllowed) {
    process.stderr.write(
      `Nothing was sent: every key of the tunnel is lost in this, so all of it must be given.\n${USAGE}`,
    );
    return 2;
  }

  const baseUrl = ownBaseUrl === "" ? "https://api.cloudflare.com/client/v4" : ownBaseUrl;
  const target = { baseUrl, apiToken, accountId, ipsecTunnelId };
  const findings = await findFacts(tunnelApi(target));
  const width = Math.max(...findings.map(({ question }) => question.length));
  process.stdout.write(findings.map(({ question, answer }) => `${question.padEnd(width)}  ${answer}\n`).join(""));
  process.stdout.write("\nThe tunnel has a key now that nobody knows: generate one for whatever uses it.\n");
  return 0;
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
