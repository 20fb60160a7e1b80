import { IpsecTunnelPskError, type Mistake } from "../errors";
import {
  cloudflareTunnelRules,
  completed,
  type GatewayDescription,
  openWithTunnel,
  withSources,
} from "./cloudflare-tunnel";
import { counted, type DialectDefinition, keyRules, mistakesIn, routersRule } from "./dialect";
import { type Dialect, DIALECT_NAMES, DIALECTS, isDialect } from "./dialects";
import { type GatewayTunnel, readTunnel } from "./tunnel";
import { tunnelRules } from "./validate-tunnel";

/**
 * Renders a router's configuration, which contains the key. A description with a mistake is not rendered.
 *
 * @param dialect - The router's configuration language, or `markdown`.
 * @param description - All that the router needs. With `tunnel`, fields that Cloudflare has can be left out.
 * @returns The whole text, with the key in it.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY`, with all mistakes, each with its field: what is wrong in every dialect,
 *   and what this one cannot express.
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
export function renderGateway(dialect: Dialect, description: GatewayDescription): string {
  checkGateway(dialect, description);
  const { fields, hasMd5Key } = completed(description);
  return DIALECTS[dialect].render(readTunnel(fields as GatewayTunnel, hasMd5Key));
}

/**
 * Checks a description for mistakes, even before all of its fields are known.
 *
 * @param open - The fields that are unknown.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY`
 */
export function checkGateway(dialect: Dialect, description: GatewayDescription, open: readonly string[] = []): void {
  // Callers may be plain JavaScript.
  if (!isDialect(dialect)) {
    const message = `dialect must be one of ${DIALECT_NAMES.join(", ")}`;
    throw invalid("a router's configuration", [{ field: "dialect", message }]);
  }
  const { title, routers, refusedKeys, rules }: DialectDefinition = DIALECTS[dialect];
  const { fields } = completed(description);
  const general = [...cloudflareTunnelRules(description), ...tunnelRules(fields), ...keyRules(fields.psk, refusedKeys)];
  const own = [...(routers ? [routersRule(fields, routers)] : []), ...rules(fields)];
  const unknown = open.includes("tunnel") ? [...open, ...openWithTunnel(description)] : open;
  const mistakes = withSources(mistakesIn([...general, ...own], unknown), description);
  if (mistakes.length > 0) throw invalid(title, mistakes);
}

function invalid(title: string, mistakes: readonly Mistake[]): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_INVALID_GATEWAY", {
    summary: `Cannot render ${title}: ${counted(mistakes.length, "mistake")} in its arguments`,
    mistakes,
    remedy: "Correct the arguments. If a generated key is at fault, change a rotation trigger to generate another one.",
  });
}
