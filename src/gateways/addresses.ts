import { isIPv4, isIPv6 } from "node:net";

/** An address with a prefix length, as written: `10.0.0.0/31`. */
export interface Prefix {
  readonly family: 4 | 6;
  readonly address: string;
  readonly length: number;
  readonly bits: bigint;
}

/** Reads `<address>/<length>`, IPv4 or IPv6 without a zone; returns `undefined` for anything else. */
export function parsePrefix(value: unknown): Prefix | undefined {
  const [, address = "", digits = ""] =
    /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(typeof value === "string" ? value : "") ?? [];
  const family = isIPv4(address) ? 4 : isIPv6(address) && !/[%.]/.test(address) ? 6 : undefined;
  const length = Number(digits);
  if (family === undefined || length > widthOf(family)) return undefined;
  return { family, address, length, bits: bitsOf(address) };
}

/** Tells whether no bit of the host part is set: a router would drop such bits, or refuse the route. */
export function isNetwork({ family, length, bits }: Prefix): boolean {
  return (bits & hostMask(family, length)) === 0n;
}

/** Networks to which no router forwards, and what they are. The default routes contain them, and are not among them. */
const NOT_ROUTED: readonly (readonly [network: string, what: string])[] = [
  ["0.0.0.0/8", "this network"],
  ["127.0.0.0/8", "loopback"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved"],
  ["224.0.0.0/3", "multicast and reserved"],
  ["::/96", "unspecified, loopback or obsolete"],
  ["::ffff:0:0/96", "IPv4-mapped"],
  ["fe80::/10", "link-local"],
  ["ff00::/8", "multicast"],
];

/**
 * Says why no router forwards to a network, or to an address: "127.0.0.0/8 is loopback". Returns `undefined` if routers do.
 * IPv4 link-local addresses are not refused, because Cloudflare's own examples have them inside tunnels.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function whyNotRouted(prefix: Prefix): string | undefined {
  const [network, what] = NOT_ROUTED.find(([network]) => isWithin(prefix, parsePrefix(network))) ?? [];
  return network === undefined ? undefined : `${network} is ${what}`;
}

function isWithin({ family, length, bits }: Prefix, network: Prefix | undefined): boolean {
  if (network?.family !== family || length < network.length) return false;
  return (bits ^ network.bits) >> BigInt(widthOf(family) - network.length) === 0n;
}

/** Tells whether two prefixes are the same network, however they are written. */
export function isSame(one: Prefix, other: Prefix): boolean {
  return one.family === other.family && one.bits === other.bits && one.length === other.length;
}

/** Returns the other end of a link of two addresses: a /31, a /127, or the two host addresses of a /30. */
export function peerOf({ family, length, bits }: Prefix): string | undefined {
  const host = bits & hostMask(family, length);
  if (length === widthOf(family) - 1) return format(family, bits ^ 1n);
  if (family === 4 && length === 30 && (host === 1n || host === 2n)) return format(4, bits ^ 3n);
  return undefined;
}

/** Tells whether a prefix contains an IPv4 address. */
export function covers({ family, length, bits }: Prefix, address: string): boolean {
  return family === 4 && isIPv4(address) && (bits ^ bitsOf(address)) >> BigInt(32 - length) === 0n;
}

/** Returns the network mask of an IPv4 prefix length: `255.255.255.254`. */
export function maskOf(length: number): string {
  return format(4, (1n << 32n) - (1n << BigInt(32 - length)));
}

function widthOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

function hostMask(family: 4 | 6, length: number): bigint {
  return (1n << BigInt(widthOf(family) - length)) - 1n;
}

function bitsOf(address: string): bigint {
  if (!address.includes(":")) return address.split(".").reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
  const [head = [], tail = []] = address.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const groups = [...head, ...new Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

function format(family: 4 | 6, bits: bigint): string {
  const at = (index: number, size: number) => (bits >> BigInt(size * index)) & ((1n << BigInt(size)) - 1n);
  if (family === 4) return [3, 2, 1, 0].map((index) => at(index, 8).toString()).join(".");
  const groups = [7, 6, 5, 4, 3, 2, 1, 0].map((index) => at(index, 16).toString(16)).join(":");
  // The URL parser of Node writes an IPv6 address in its short form.
  return new URL(`http://[${groups}]/`).hostname.slice(1, -1);
}

/** The two ends of the link inside the tunnel. */
export interface Link {
  readonly cloudflare: string;
  readonly router: string;
  readonly length: number;
}

/** Reads Cloudflare's end of the link; returns `undefined` if it is not one of two addresses that routers forward to. */
export function linkOf(value: unknown, family: 4 | 6): Link | undefined {
  const prefix = parsePrefix(value);
  if (prefix?.family !== family || whyNotRouted(prefix) !== undefined) return undefined;
  const router = peerOf(prefix);
  return router === undefined ? undefined : { cloudflare: prefix.address, router, length: prefix.length };
}
