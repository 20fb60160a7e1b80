import { IpsecTunnelPskError, type InputProblem } from "../errors";
import {
  cloudflareTunnelRules,
  completed,
  type GatewayConfigArgs,
  openWithTunnel,
  withSources,
} from "./cloudflare-tunnel";
import { counted, type DialectDefinition, keyRules, problemsIn, routersRule } from "./dialect";
import { type Dialect, DIALECT_NAMES, DIALECTS, isDialect } from "./dialects";
import { type GatewayConfigFields, readTunnel } from "./tunnel";
import { tunnelRules } from "./validate-tunnel";

/**
 * Renders a router's configuration, which contains the key. A description with a problem is not rendered.
 *
 * @param dialect - The router's configuration language, or `markdown`.
 * @param description - All that the router needs. With `tunnel`, fields that Cloudflare has can be left out.
 * @returns The whole text, with the key in it.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY`, with all problems, each with its property: what is wrong in every dialect,
 *   and what this one cannot express.
 * @example
 * ```ts
 * import { renderGatewayConfig } from "pulumi-cloudflare-ipsec-psk/gateways";
 *
 * const swanctlConf = renderGatewayConfig("strongswan", {
 *   name: "branch-1",
 *   psk: "fake-key",
 *   fqdnId: "89abcdef0123456789abcdef01234567.33145236.ipsec.cloudflare.com",
 *   cloudflareEndpoint: "203.0.113.10",
 * });
 * ```
 */
export function renderGatewayConfig(dialect: Dialect, description: GatewayConfigArgs): string {
  checkGatewayConfig(dialect, description);
  const { fields, hasMd5Key } = completed(description);
  return DIALECTS[dialect].render(readTunnel(fields as GatewayConfigFields, hasMd5Key));
}

/**
 * Checks a description for problems, even before all of its fields are known.
 *
 * @param open - The fields that are unknown.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY`
 */
export function checkGatewayConfig(
  dialect: Dialect,
  description: GatewayConfigArgs,
  open: readonly string[] = [],
): void {
  // Callers may be plain JavaScript.
  if (!isDialect(dialect)) {
    const reason = `must be one of ${DIALECT_NAMES.join(", ")}`;
    throw invalid("a router's configuration", [{ property: "dialect", reason }]);
  }
  const { title, routers, refusedKeys, rules }: DialectDefinition = DIALECTS[dialect];
  const { fields } = completed(description);
  const general = [...cloudflareTunnelRules(description), ...tunnelRules(fields), ...keyRules(fields.psk, refusedKeys)];
  const own = [...(routers ? [routersRule(fields, routers)] : []), ...rules(fields)];
  const unknown = open.includes("tunnel") ? [...open, ...openWithTunnel(description)] : open;
  const problems = withSources(problemsIn([...general, ...own], unknown), description);
  if (problems.length > 0) throw invalid(title, problems);
}

function invalid(title: string, problems: readonly InputProblem[]): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_INVALID_GATEWAY", {
    summary: `Cannot render ${title}: ${counted(problems.length, "problem")} in its arguments`,
    problems,
    remedy: "Correct the arguments. If a generated key is at fault, change a rotation trigger to generate another one.",
  });
}
