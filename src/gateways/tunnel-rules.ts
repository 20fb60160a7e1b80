import { isIPv4 } from "node:net";
import { isNetwork, parsePrefix, type Prefix } from "./addresses";
import { CLOUDFLARE_ASN } from "./cloudflare-ike";
import { type GatewayTunnel, IDENTITIES } from "./gateway-tunnel";
import { linkOf } from "./link";
import { type Rule, rule } from "./rules";

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
  const { name, fqdnId, userFqdnId, keyId, cloudflareEndpoint, customerEndpoint, uplinkInterface } = tunnel;
  const { interfaceAddress, interfaceAddress6, routedPrefixes, customerAsn, cloudflareAsn, interfaceNumber } = tunnel;
  const identities = IDENTITIES.filter((field) => tunnel[field] !== undefined);
  const [identity = "fqdnId", ...others] = identities;
  const routes = routesIn(routedPrefixes);
  const foreign = Object.keys(tunnel).filter((field) => !Object.hasOwn(FIELDS, field));
  return [
    ...foreign.map(notAField),
    rule("name", matches(name, /^[a-z][\w-]{0,31}$/i), "must be a letter, then up to 31 letters, digits, - or _"),
    rule(
      "fqdnId",
      identities.length > 0,
      "must be given, or userFqdnId or keyId (if the key resource has none, Cloudflare sent no ipsec_id: set conduitId on the key resource, or take the FQDN ID from the dashboard)",
      ["userFqdnId", "keyId"],
    ),
    rule(
      "fqdnId",
      optional(fqdnId, (id) => matches(id, /^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/i)),
      "must be a domain name, or left out",
    ),
    rule(
      "userFqdnId",
      optional(userFqdnId, (id) => matches(id, /^[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i)),
      "must be an email address, or left out",
    ),
    rule(
      "keyId",
      optional(keyId, (id) => matches(id, /^\d+_[0-9a-f]{32}$/i)),
      "must be digits, _ and 32 hexadecimal digits, or left out",
    ),
    ...others.map((other) =>
      rule(other, false, `must be left out, because ${identity} is given: a router has one identity`),
    ),
    rule("cloudflareEndpoint", isAddress(cloudflareEndpoint), "must be an IPv4 address"),
    rule("customerEndpoint", optional(customerEndpoint, isAddress), "must be an IPv4 address, or left out"),
    rule(
      "uplinkInterface",
      optional(uplinkInterface, (value) => matches(value, /^[a-z][\w./:-]{0,30}$/i)),
      "must be the name of an interface, or left out",
    ),
    rule(
      "interfaceAddress",
      optional(interfaceAddress, (value) => linkOf(value, 4) !== undefined),
      "must be a host address of an IPv4 /31 or /30, or left out",
    ),
    rule(
      "interfaceAddress6",
      optional(interfaceAddress6, (value) => linkOf(value, 6) !== undefined),
      "must be an address of an IPv6 /127, or left out",
    ),
    rule(
      "routedPrefixes",
      optional(routedPrefixes, (value) => Array.isArray(value) && routes.every((route) => route && isNetwork(route))),
      "must be a list of networks such as 10.0.0.0/8 with no bit set behind the prefix, or left out",
    ),
    rule(
      "interfaceAddress6",
      routes.every((route) => route?.family !== 6 || interfaceAddress6 !== undefined),
      "must be given if routedPrefixes has an IPv6 network",
    ),
    rule("customerAsn", optional(customerAsn, isAsn), "must be a whole number from 1 to 4294967295, or left out"),
    rule("cloudflareAsn", optional(cloudflareAsn, isAsn), "must be a whole number from 1 to 4294967295, or left out"),
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
    rule(
      "interfaceNumber",
      optional(interfaceNumber, (value) => isWhole(value, 65_535)),
      "must be a whole number from 1 to 65535, or left out",
    ),
  ];
}

/** Returns a rule for a dialect that needs the address; where BGP does, too, {@link tunnelRules} has said so. */
export function interfaceAddressRule({ interfaceAddress, customerAsn }: Partial<GatewayTunnel>, device: string): Rule {
  return rule(
    "interfaceAddress",
    interfaceAddress !== undefined || customerAsn !== undefined,
    `must be given, because ${device} puts the router's address on the interface`,
  );
}

/** Each of `routedPrefixes` as it reads; `undefined` for one that does not. */
export function routesIn(routedPrefixes: unknown): (Prefix | undefined)[] {
  return Array.isArray(routedPrefixes) ? routedPrefixes.map(parsePrefix) : [];
}

function notAField(field: string): Rule {
  return { field, holds: false, message: `${field} is not a field of a tunnel's description`, dependsOn: [] };
}

// Callers may be plain JavaScript, so no value has the type that it says.
function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}

function isAddress(value: unknown): boolean {
  return typeof value === "string" && isIPv4(value);
}

function isAsn(value: unknown): boolean {
  return isWhole(value, 4_294_967_295);
}

function isWhole(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}

function optional(value: unknown, holds: (value: unknown) => boolean): boolean {
  return value === undefined || holds(value);
}
