import { covers, isNetwork, isSame, linkOf, parsePrefix, type Prefix, whyNotRouted } from "./addresses";
import { ADDITIONAL_KEY_EXCHANGES, CLOUDFLARE_ASN } from "./cloudflare-ike";
import { isWhole, matches, optional, type Rule, rule } from "./dialect";
import { isVersion } from "./router-version";
import { type GatewayConfigFields, IDENTITIES } from "./tunnel";

// The compiler requires every field.
const FIELDS: Readonly<Record<keyof GatewayConfigFields, true>> = {
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
  additionalKeyExchange: true,
  classicalFallback: true,
  routerVersion: true,
};

/** Returns the rules for a description in every dialect, in the order of its fields; `keyRules` has those for the key. */
export function tunnelRules(tunnel: Partial<GatewayConfigFields>): Rule[] {
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
    ...keyExchangeRules(tunnel),
    rule("routerVersion", optional(tunnel.routerVersion, isVersion), "must be a version such as 7.6.6, or left out"),
  ];
}

function notAField(field: string): Rule {
  return { property: field, reason: "is not a field of a tunnel's description", holds: false, dependsOn: [] };
}

/**
 * A domain name. Its last label has a letter, like that of every name in the DNS: a router reads 10.0.0.1 as an identity of
 * another type.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1123#section-2.1
 * @see https://docs.strongswan.org/docs/latest/config/identityParsing.html
 */
const DOMAIN = String.raw`([a-z0-9-]+\.)+[a-z0-9-]*[a-z][a-z0-9-]*`;
const FQDN = new RegExp(`^(?=.{1,253}$)${DOMAIN}$`, "i");
const USER_FQDN = new RegExp(String.raw`^[\w.+-]+@${DOMAIN}$`, "i");

/** Returns the rules for the router's IKE identity: it is given once, and the router reads it as the type that it has. */
function identityRules(tunnel: Partial<GatewayConfigFields>): Rule[] {
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

/** Returns the rules for the addresses outside and inside the tunnel, and for the networks behind it. */
function addressRules(tunnel: Partial<GatewayConfigFields>): Rule[] {
  const { cloudflareEndpoint, customerEndpoint, uplinkInterface } = tunnel;
  const { interfaceAddress, interfaceAddress6, routedPrefixes } = tunnel;
  const routes = routesIn(routedPrefixes);
  return [
    rule(
      "cloudflareEndpoint",
      isEndpoint(cloudflareEndpoint),
      `must be a unicast IPv4 address${reasonOn(hostOf(cloudflareEndpoint))}`,
    ),
    rule(
      "customerEndpoint",
      optional(customerEndpoint, isEndpoint),
      `must be a unicast IPv4 address, or left out${reasonOn(hostOf(customerEndpoint))}`,
    ),
    rule(
      "customerEndpoint",
      customerEndpoint === undefined || customerEndpoint !== cloudflareEndpoint,
      "must differ from cloudflareEndpoint",
    ),
    rule(
      "uplinkInterface",
      optional(uplinkInterface, (value) => matches(value, /^[a-z][\w./:-]{0,30}$/i)),
      "must be the name of an interface, or left out",
    ),
    rule(
      "interfaceAddress",
      optional(interfaceAddress, (value) => linkOf(value, 4) !== undefined),
      `must be a unicast host address of an IPv4 /31 or /30, or left out${reasonOn(parsePrefix(interfaceAddress))}`,
    ),
    rule(
      "interfaceAddress",
      ![cloudflareEndpoint, customerEndpoint].some((endpoint) => isInside(interfaceAddress, endpoint)),
      "must be on a different network from cloudflareEndpoint and customerEndpoint, which are outside the tunnel",
    ),
    rule(
      "interfaceAddress6",
      optional(interfaceAddress6, (value) => linkOf(value, 6) !== undefined),
      `must be a unicast address of an IPv6 /127, or left out${reasonOn(parsePrefix(interfaceAddress6))}`,
    ),
    rule(
      "routedPrefixes",
      optional(routedPrefixes, (value) => Array.isArray(value) && routes.every((route) => route && isNetwork(route))),
      "must be a list of networks such as 10.0.0.0/8 with no bit set after the prefix, or left out",
    ),
    rule(
      "routedPrefixes",
      routes.every((route) => reasonOn(route) === ""),
      `must have only networks that routers forward to${routes.map(reasonOn).find((reason) => reason !== "") ?? ""}`,
    ),
    rule("routedPrefixes", !hasTwice(routes), "must have each network once, however it is written"),
    rule(
      "interfaceAddress6",
      routes.every((route) => route?.family !== 6 || interfaceAddress6 !== undefined),
      "must be given if routedPrefixes has an IPv6 network",
    ),
  ];
}

/** Reads each of `routedPrefixes`; `undefined` for one that is not a prefix. */
export function routesIn(routedPrefixes: unknown): (Prefix | undefined)[] {
  return Array.isArray(routedPrefixes) ? routedPrefixes.map(parsePrefix) : [];
}

/** Returns why no router forwards to a prefix, as the end of a sentence: ": 127.0.0.0/8 is loopback"; "" if routers do. */
function reasonOn(prefix: Prefix | undefined): string {
  const why = prefix && whyNotRouted(prefix);
  return why === undefined ? "" : `: ${why}`;
}

function hostOf(value: unknown): Prefix | undefined {
  const host = typeof value === "string" ? parsePrefix(`${value}/32`) : undefined;
  return host?.family === 4 ? host : undefined;
}

// As an IKE identity, 0.0.0.0 would match any peer.
function isEndpoint(value: unknown): boolean {
  const host = hostOf(value);
  return host !== undefined && whyNotRouted(host) === undefined;
}

function isInside(prefix: unknown, address: unknown): boolean {
  const inside = parsePrefix(prefix);
  return inside !== undefined && typeof address === "string" && covers(inside, address);
}

function hasTwice(routes: readonly (Prefix | undefined)[]): boolean {
  return routes.some((route, at) => routes.slice(0, at).some((earlier) => route && earlier && isSame(route, earlier)));
}

/**
 * The last ASN that is not reserved; the first is 1.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7300
 * @see https://www.rfc-editor.org/rfc/rfc7607
 */
const LAST_ASN = 4_294_967_294;
/**
 * The ASN that stands for a longer one where there is room for two bytes, and the last ASN of two bytes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6793#section-9
 * @see https://www.rfc-editor.org/rfc/rfc7300
 */
const RESERVED_ASNS = [23_456, 65_535];
const AN_ASN = `must be a whole number from 1 to ${LAST_ASN}, but not ${RESERVED_ASNS.join(" or ")}, which are reserved; or left out`;

/** Returns the rules for BGP, which `customerAsn` turns on. */
function bgpRules({ customerAsn, cloudflareAsn, interfaceAddress }: Partial<GatewayConfigFields>): Rule[] {
  return [
    rule("customerAsn", optional(customerAsn, isAsn), AN_ASN),
    rule("cloudflareAsn", optional(cloudflareAsn, isAsn), AN_ASN),
    rule(
      "customerAsn",
      cloudflareAsn === undefined || customerAsn !== undefined,
      "must be given if cloudflareAsn is, because without it there is no BGP",
    ),
    rule(
      "customerAsn",
      customerAsn === undefined || customerAsn !== (cloudflareAsn ?? CLOUDFLARE_ASN),
      "must differ from cloudflareAsn",
      ["cloudflareAsn"],
    ),
    rule(
      "interfaceAddress",
      customerAsn === undefined || interfaceAddress !== undefined,
      "must be given if customerAsn is, because it is Cloudflare's BGP address",
    ),
  ];
}

const KEY_EXCHANGES = Object.keys(ADDITIONAL_KEY_EXCHANGES);

/** Returns the rules for the post-quantum key exchange. */
function keyExchangeRules({ additionalKeyExchange, classicalFallback }: Partial<GatewayConfigFields>): Rule[] {
  return [
    rule(
      "additionalKeyExchange",
      optional(additionalKeyExchange, (value) => typeof value === "string" && KEY_EXCHANGES.includes(value)),
      `must be ${KEY_EXCHANGES.join(" or ")}, or left out`,
    ),
    rule(
      "classicalFallback",
      optional(classicalFallback, (value) => typeof value === "boolean"),
      "must be true or false, or left out",
    ),
    rule(
      "classicalFallback",
      classicalFallback !== true || additionalKeyExchange !== undefined,
      "must be left out or false, because without additionalKeyExchange there is nothing to fall back from",
      ["additionalKeyExchange"],
    ),
  ];
}

function isAsn(value: unknown): boolean {
  return isWhole(value, LAST_ASN) && !RESERVED_ASNS.some((asn) => asn === value);
}
