import { covers, isNetwork, isSame, isUnicast, parsePrefix, type Prefix } from "./addresses";
import type { GatewayTunnel } from "./gateway-tunnel";
import { linkOf } from "./link";
import { type Rule, rule } from "./rules";
import { matches, optional } from "./value-checks";

/** Returns the rules for the addresses outside and inside the tunnel, and for the networks behind it. */
export function addressRules(tunnel: Partial<GatewayTunnel>): Rule[] {
  const { cloudflareEndpoint, customerEndpoint, uplinkInterface } = tunnel;
  const { interfaceAddress, interfaceAddress6, routedPrefixes } = tunnel;
  const routes = routesIn(routedPrefixes);
  return [
    rule("cloudflareEndpoint", isEndpoint(cloudflareEndpoint), "must be a unicast IPv4 address"),
    rule("customerEndpoint", optional(customerEndpoint, isEndpoint), "must be a unicast IPv4 address, or left out"),
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
      "must be a unicast host address of an IPv4 /31 or /30, or left out",
    ),
    rule(
      "interfaceAddress",
      ![cloudflareEndpoint, customerEndpoint].some((endpoint) => isInside(interfaceAddress, endpoint)),
      "must be on another network than cloudflareEndpoint and customerEndpoint, which are outside the tunnel",
    ),
    rule(
      "interfaceAddress6",
      optional(interfaceAddress6, (value) => linkOf(value, 6) !== undefined),
      "must be a unicast address of an IPv6 /127, or left out",
    ),
    rule(
      "routedPrefixes",
      optional(routedPrefixes, (value) => Array.isArray(value) && routes.every((route) => route && isNetwork(route))),
      "must be a list of networks such as 10.0.0.0/8 with no bit set behind the prefix, or left out",
    ),
    rule("routedPrefixes", !hasTwice(routes), "must have each network once, however it is spelled"),
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

// As an identity of IKE, 0.0.0.0 would be that of any peer.
function isEndpoint(value: unknown): boolean {
  const host = typeof value === "string" ? parsePrefix(`${value}/32`) : undefined;
  return host?.family === 4 && isUnicast(host);
}

function isInside(prefix: unknown, address: unknown): boolean {
  const inside = parsePrefix(prefix);
  return inside !== undefined && typeof address === "string" && covers(inside, address);
}

function hasTwice(routes: readonly (Prefix | undefined)[]): boolean {
  return routes.some((route, at) => routes.slice(0, at).some((earlier) => route && earlier && isSame(route, earlier)));
}
