import { covers, parsePrefix, type Prefix } from "./addresses";
import { CLOUDFLARE_ASN } from "./cloudflare-ike";
import type { GatewayTunnel } from "./gateway-tunnel";
import { type Link, linkOf } from "./link";

/** A description that breaks no rule: defaults filled in, addresses read. */
export interface VerifiedTunnel extends Pick<GatewayTunnel, "name" | "psk" | "cloudflareEndpoint"> {
  readonly customerEndpoint: string | undefined;
  readonly uplinkInterface: string | undefined;
  readonly interfaceNumber: number;
  readonly identity: { readonly type: "fqdn" | "userFqdn" | "keyId"; readonly value: string };
  readonly link: Link | undefined;
  readonly link6: Link | undefined;
  readonly routes: readonly Prefix[];
  readonly bgp: { readonly customerAsn: number; readonly cloudflareAsn: number } | undefined;
}

/** Reads a description that breaks no rule. */
export function readTunnel(tunnel: GatewayTunnel): VerifiedTunnel {
  const { name, psk, cloudflareEndpoint, customerEndpoint, uplinkInterface } = tunnel;
  const { fqdnId, userFqdnId, keyId, customerAsn, cloudflareAsn = CLOUDFLARE_ASN, interfaceNumber = 1 } = tunnel;
  return {
    name,
    psk,
    cloudflareEndpoint,
    customerEndpoint,
    uplinkInterface,
    interfaceNumber,
    identity:
      fqdnId !== undefined
        ? { type: "fqdn", value: fqdnId }
        : userFqdnId !== undefined
          ? { type: "userFqdn", value: userFqdnId }
          : { type: "keyId", value: keyId ?? "" },
    link: linkOf(tunnel.interfaceAddress, 4),
    link6: linkOf(tunnel.interfaceAddress6, 6),
    routes: (tunnel.routedPrefixes ?? []).flatMap((route) => parsePrefix(route) ?? []),
    bgp: customerAsn === undefined ? undefined : { customerAsn, cloudflareAsn },
  };
}

/** What a reader has to know that no line of a configuration says; each dialect writes it as comments. */
export function remarksOn({ cloudflareEndpoint, routes, bgp }: VerifiedTunnel): string[] {
  const loop = routes.some((route) => covers(route, cloudflareEndpoint));
  return [
    ...(loop
      ? [`A routed prefix covers ${cloudflareEndpoint} itself: keep a host route to it outside the tunnel.`]
      : []),
    ...(bgp
      ? [
          "BGP: what the router announces is left to a policy of your own. Cloudflare never opens the session: retry often.",
        ]
      : []),
  ];
}
