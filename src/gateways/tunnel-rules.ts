import { isIPv4 } from "node:net";
import { isNetwork, parsePrefix, type Prefix } from "./addresses";
import { CLOUDFLARE_ASN } from "./cloudflare-ike";
import type { GatewayTunnel } from "./gateway-tunnel";
import { linkOf } from "./link";
import type { Rule } from "./rules";

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

/** The rules for a description in every dialect, in the order of its fields; the key has rules of its own. */
export function tunnelRules(tunnel: Partial<GatewayTunnel>): Rule[] {
  const { name, fqdnId, userFqdnId, keyId, cloudflareEndpoint, customerEndpoint, uplinkInterface } = tunnel;
  const { interfaceAddress, interfaceAddress6, routedPrefixes, customerAsn, cloudflareAsn, interfaceNumber } = tunnel;
  const identities = [fqdnId, userFqdnId, keyId].filter((identity) => identity !== undefined);
  const routes = routesIn(routedPrefixes);
  const foreign = Object.keys(tunnel).filter((field) => !Object.hasOwn(FIELDS, field));
  return [
    ...foreign.map((field): Rule => [false, `${field} is not a field of a tunnel's description`]),
    [matches(name, /^[a-z][\w-]{0,31}$/i), "name must be a letter, then up to 31 letters, digits, - or _"],
    [
      identities.length > 0
        ? optional(fqdnId, (id) => matches(id, /^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/i))
        : false,
      "fqdnId must be a domain name (where the key resource has none, Cloudflare sent no ipsec_id: set conduitId on the key resource, or take the FQDN ID from the dashboard)",
    ],
    [
      optional(userFqdnId, (id) => matches(id, /^[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i)),
      "userFqdnId must be an e-mail address, or left out",
    ],
    [
      optional(keyId, (id) => matches(id, /^\d+_[0-9a-f]{32}$/i)),
      "keyId must be digits, _ and 32 hexadecimal digits, or left out",
    ],
    [identities.length < 2, "identity must be given once: leave out two of fqdnId, userFqdnId and keyId"],
    [isAddress(cloudflareEndpoint), "cloudflareEndpoint must be an IPv4 address"],
    [optional(customerEndpoint, isAddress), "customerEndpoint must be an IPv4 address, or left out"],
    [
      optional(uplinkInterface, (value) => matches(value, /^[a-z][\w./:-]{0,30}$/i)),
      "uplinkInterface must be the name of an interface, or left out",
    ],
    [
      optional(interfaceAddress, (value) => linkOf(value, 4) !== undefined),
      "interfaceAddress must be a host address of an IPv4 /31 or /30, or left out",
    ],
    [
      optional(interfaceAddress6, (value) => linkOf(value, 6) !== undefined),
      "interfaceAddress6 must be an address of an IPv6 /127, or left out",
    ],
    [
      optional(routedPrefixes, (value) => Array.isArray(value) && routes.every((route) => route && isNetwork(route))),
      "routedPrefixes must be a list of networks such as 10.0.0.0/8 with no bit set behind the prefix, or left out",
    ],
    [
      routes.every((route) => route?.family !== 6 || interfaceAddress6 !== undefined),
      "interfaceAddress6 must be given where routedPrefixes has an IPv6 network",
    ],
    [optional(customerAsn, isAsn), "customerAsn must be a whole number from 1 to 4294967295, or left out"],
    [optional(cloudflareAsn, isAsn), "cloudflareAsn must be a whole number from 1 to 4294967295, or left out"],
    [
      cloudflareAsn === undefined || customerAsn !== undefined,
      "customerAsn must be given where cloudflareAsn is, for without it there is no BGP",
    ],
    [
      customerAsn === undefined || customerAsn !== (cloudflareAsn ?? CLOUDFLARE_ASN),
      "customerAsn must differ from cloudflareAsn",
    ],
    [
      customerAsn === undefined || interfaceAddress !== undefined,
      "interfaceAddress must be given where customerAsn is, for it is Cloudflare's BGP address",
    ],
    [
      optional(interfaceNumber, (value) => isWhole(value, 65_535)),
      "interfaceNumber must be a whole number from 1 to 65535",
    ],
  ];
}

/** For a dialect that cannot do without it; where BGP cannot either, {@link tunnelRules} has said so. */
export function interfaceAddressRule({ interfaceAddress, customerAsn }: Partial<GatewayTunnel>, device: string): Rule {
  return [
    interfaceAddress !== undefined || customerAsn !== undefined,
    `interfaceAddress must be given, for ${device} puts the router's address on the interface`,
  ];
}

/** Each of `routedPrefixes` as it reads; `undefined` for one that does not. */
export function routesIn(routedPrefixes: unknown): (Prefix | undefined)[] {
  return Array.isArray(routedPrefixes) ? routedPrefixes.map(parsePrefix) : [];
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
