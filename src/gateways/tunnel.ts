import { isIPv4 } from "node:net";
import { IpsecTunnelPskError } from "../errors";

/** What a router has to know about one tunnel, in no vendor's words. */
export interface GatewayTunnel {
  /** Name of the connection on the router: a letter, then up to 31 letters, digits, `-` or `_`. */
  readonly name: string;
  /** The pre-shared key, secret. */
  readonly psk: string;
  /** The router's IKE identity, ID_FQDN: `fqdnId` of the key resource. */
  readonly fqdnId: string;
  /** Cloudflare's anycast IPv4 address of the tunnel: `cloudflareEndpoint` of the tunnel resource. */
  readonly cloudflareEndpoint: string;
  /** The router's own IPv4 address. @default any address of the router */
  readonly customerEndpoint?: string;
  /** Number of the router's tunnel interface, 1 to 65,535; each tunnel of a router needs its own. @default 1 */
  readonly interfaceNumber?: number;
}

/** A description that has passed {@link verifyTunnel}, with defaults filled in. */
export type VerifiedTunnel = GatewayTunnel & { readonly interfaceNumber: number };

/**
 * Finds every mistake in a description before a byte is rendered.
 *
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY`, which names each field, never the key.
 */
export function verifyTunnel(tunnel: Partial<GatewayTunnel>): VerifiedTunnel {
  const { name, psk, fqdnId, cloudflareEndpoint, customerEndpoint, interfaceNumber = 1 } = tunnel;
  const rules: readonly (readonly [boolean, string])[] = [
    [isText(name) && /^[a-z][\w-]{0,31}$/i.test(name), "name must be a letter, then up to 31 letters, digits, - or _"],
    [isText(psk) && psk !== "", "psk must be the pre-shared key"],
    [
      isText(fqdnId) && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(fqdnId),
      "fqdnId must be a domain name; where the key resource has none, Cloudflare sent no ipsec_id: take the FQDN ID from the dashboard",
    ],
    [isText(cloudflareEndpoint) && isIPv4(cloudflareEndpoint), "cloudflareEndpoint must be an IPv4 address"],
    [
      customerEndpoint === undefined || (isText(customerEndpoint) && isIPv4(customerEndpoint)),
      "customerEndpoint must be an IPv4 address, or left out",
    ],
    [
      Number.isInteger(interfaceNumber) && interfaceNumber >= 1 && interfaceNumber <= 65_535,
      "interfaceNumber must be a whole number from 1 to 65535",
    ],
  ];

  const mistakes = rules.filter(([holds]) => !holds).map(([, rule]) => rule);
  if (mistakes.length > 0) {
    throw new IpsecTunnelPskError("ERR_INVALID_GATEWAY", {
      what: `Cannot render a router configuration as ${mistakes.join("; ")}`,
      remedy: "Correct the arguments of gatewayConfig.",
    });
  }
  return { ...(tunnel as GatewayTunnel), interfaceNumber };
}

// Callers may be plain JavaScript.
function isText(value: unknown): value is string {
  return typeof value === "string";
}
