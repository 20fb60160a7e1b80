import type { GatewayTunnel } from "./gateway-tunnel";
import { type Rule, rule } from "./rules";

/** Returns a rule for a dialect that needs the address; where BGP does, too, `tunnelRules` has said so. */
export function interfaceAddressRule({ interfaceAddress, customerAsn }: Partial<GatewayTunnel>, router: string): Rule {
  return rule(
    "interfaceAddress",
    interfaceAddress !== undefined || customerAsn !== undefined,
    `must be given, because ${router} puts the router's address on the interface`,
  );
}

/** Returns a rule for a dialect that names both interfaces; the tunnel's own is `start` and its number. */
export function ownInterfaceRule(
  { uplinkInterface, interfaceNumber = 1 }: Partial<GatewayTunnel>,
  start: string,
): Rule {
  const own = `${start}${interfaceNumber}`.toLowerCase();
  return rule(
    "uplinkInterface",
    // Callers may be plain JavaScript.
    typeof uplinkInterface !== "string" || uplinkInterface.toLowerCase() !== own,
    "must not be the tunnel's own interface, because the tunnel itself leaves through the uplink",
    ["interfaceNumber"],
  );
}

/**
 * Returns a rule for a dialect whose names end up in a swanctl.conf, in front of a brace.
 *
 * @see https://docs.strongswan.org/docs/latest/config/strongswanConf.html#_including_files
 */
export function includeRule({ name }: Partial<GatewayTunnel>): Rule {
  return rule(
    "name",
    name !== "include",
    "must not be include, because strongSwan takes what follows for a file's name",
  );
}
