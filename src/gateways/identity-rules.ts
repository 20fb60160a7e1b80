import { type GatewayTunnel, IDENTITIES } from "./gateway-tunnel";
import { type Rule, rule } from "./rules";
import { matches, optional } from "./value-checks";

/**
 * Its last label has a letter, as that of every name in the DNS: a device takes 10.0.0.1 for an identity of another type.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1123#section-2.1
 * @see https://docs.strongswan.org/docs/latest/config/identityParsing.html
 */
const DOMAIN = String.raw`([a-z0-9-]+\.)+[a-z0-9-]*[a-z][a-z0-9-]*`;
const FQDN = new RegExp(`^(?=.{1,253}$)${DOMAIN}$`, "i");
const USER_FQDN = new RegExp(String.raw`^[\w.+-]+@${DOMAIN}$`, "i");

/** Returns the rules for the router's IKE identity: to be given once, and to be read as the type that it has. */
export function identityRules(tunnel: Partial<GatewayTunnel>): Rule[] {
  const given = IDENTITIES.filter((field) => tunnel[field] !== undefined);
  const [first = "fqdnId", ...others] = given;
  return [
    rule(
      "fqdnId",
      given.length > 0,
      "must be given, or userFqdnId or keyId (if the key resource has none, Cloudflare sent no ipsec_id: set conduitId on the key resource, or take the FQDN ID from the dashboard)",
      ["userFqdnId", "keyId"],
    ),
    rule(
      "fqdnId",
      optional(tunnel.fqdnId, (id) => matches(id, FQDN)),
      "must be a domain name, not an IP address, or left out",
    ),
    rule(
      "userFqdnId",
      optional(tunnel.userFqdnId, (id) => matches(id, USER_FQDN)),
      "must be an email address at a domain name, or left out",
    ),
    rule(
      "keyId",
      optional(tunnel.keyId, (id) => matches(id, /^\d+_[0-9a-f]{32}$/i)),
      "must be digits, _ and 32 hexadecimal digits, or left out",
    ),
    ...others.map((other) =>
      rule(other, false, `must be left out, because ${first} is given: a router has one identity`),
    ),
  ];
}
