import { IpsecTunnelPskError } from "../errors";
import { type Dialect, DIALECTS } from "./dialects";
import type { GatewayTunnel } from "./gateway-tunnel";
import { keyRules } from "./key-rules";
import { mistakesIn } from "./rules";
import { readTunnel } from "./tunnel";
import { tunnelRules } from "./tunnel-rules";

/**
 * Renders a router's configuration, which holds the key. Nothing is rendered of a description with a mistake.
 *
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY`, which names every mistake at once, by its field: what is wrong in
 *   any dialect, and what this one cannot express.
 * @example
 * ```ts
 * import { renderGateway } from "pulumi-cloudflare-ipsec-psk/gateways";
 *
 * const swanctlConf = renderGateway("strongswan", {
 *   name: "branch-1",
 *   psk: "fake-key",
 *   fqdnId: "89abcdef0123456789abcdef01234567.33145236.ipsec.cloudflare.com",
 *   cloudflareEndpoint: "203.0.113.10",
 * });
 * ```
 */
export function renderGateway(dialect: Dialect, tunnel: Partial<GatewayTunnel>): string {
  const { title, unquotable, rules, render } = DIALECTS[dialect];
  const mistakes = mistakesIn([...tunnelRules(tunnel), ...keyRules(tunnel.psk, unquotable), ...rules(tunnel)]);
  if (mistakes.length === 0) return render(readTunnel(tunnel as GatewayTunnel));
  throw new IpsecTunnelPskError("ERR_INVALID_GATEWAY", {
    what: `Cannot render ${title} as ${mistakes.join("; ")}`,
    remedy: "Correct the arguments. Where a generated key is at fault, change a rotation trigger to have another one.",
  });
}
