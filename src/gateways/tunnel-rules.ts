import { addressRules } from "./address-rules";
import { bgpRules } from "./bgp-rules";
import type { GatewayTunnel } from "./gateway-tunnel";
import { identityRules } from "./identity-rules";
import { type Rule, rule } from "./rules";
import { isWhole, matches, optional } from "./value-checks";

// The compiler asks for each.
const FIELDS: Readonly<Record<keyof GatewayTunnel, true>> = {
  name: true,
  psk: true,
  fqdnId: true,
  userFqdnId: true,
  keyId: true,
  cloudflareEndpoint: true,
  customerEndpoint: true,
  uplinkInterface: true,
  interfaceAddress: true,
  interfaceAddress6: true,
  routedPrefixes: true,
  customerAsn: true,
  cloudflareAsn: true,
  interfaceNumber: true,
};

/** Returns the rules for a description in every dialect, in the order of its fields; the key has rules of its own. */
export function tunnelRules(tunnel: Partial<GatewayTunnel>): Rule[] {
  const foreign = Object.keys(tunnel).filter((field) => !Object.hasOwn(FIELDS, field));
  return [
    ...foreign.map(notAField),
    rule(
      "name",
      matches(tunnel.name, /^[a-z][\w-]{0,31}$/i),
      "must be a letter, then up to 31 letters, digits, - or _",
    ),
    ...identityRules(tunnel),
    ...addressRules(tunnel),
    ...bgpRules(tunnel),
    rule(
      "interfaceNumber",
      optional(tunnel.interfaceNumber, (value) => isWhole(value, 65_535)),
      "must be a whole number from 1 to 65535, or left out",
    ),
  ];
}

function notAField(field: string): Rule {
  return { field, holds: false, message: `${field} is not a field of a tunnel's description`, dependsOn: [] };
}
