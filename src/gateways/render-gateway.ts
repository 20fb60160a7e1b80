import { IpsecTunnelPskError } from "../errors";
import { type Dialect, DIALECT_NAMES, DIALECTS, isDialect } from "./dialects";
import type { GatewayTunnel } from "./gateway-tunnel";
import { keyRules } from "./key-rules";
import { fieldOf, mistakesIn } from "./rules";
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
  checkGateway(dialect, tunnel);
  return DIALECTS[dialect].render(readTunnel(tunnel as GatewayTunnel));
}

const IDENTITIES = ["fqdnId", "userFqdnId", "keyId"];

/**
 * Refuses a description for the mistakes that it has already, whatever becomes of the fields that are not known yet.
 *
 * @param open - The names of those fields.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY`
 */
export function checkGateway(dialect: Dialect, tunnel: Partial<GatewayTunnel>, open: readonly string[] = []): void {
  // Callers may be plain JavaScript.
  if (!isDialect(dialect)) throw invalid("this", [`dialect must be one of ${DIALECT_NAMES.join(", ")}`]);
  const { title, unquotable, rules } = DIALECTS[dialect];
  // One identity is given, so one that is open speaks for all three.
  const undecided = IDENTITIES.some((identity) => open.includes(identity)) ? [...open, ...IDENTITIES] : open;
  const mistakes = mistakesIn([...tunnelRules(tunnel), ...keyRules(tunnel.psk, unquotable), ...rules(tunnel)]).filter(
    (mistake) => !undecided.includes(fieldOf(mistake)),
  );
  if (mistakes.length > 0) throw invalid(title, mistakes);
}

function invalid(title: string, mistakes: readonly string[]): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_INVALID_GATEWAY", {
    what: `Cannot render ${title} as ${mistakes.join("; ")}`,
    remedy: "Correct the arguments. Where a generated key is at fault, change a rotation trigger to have another one.",
  });
}
