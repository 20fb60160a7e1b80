import { covers, type Link, linkOf, parsePrefix, type Prefix } from "./addresses";
import { type AdditionalKeyExchange, CLOUDFLARE_ASN } from "./cloudflare-ike";

/** What a router needs to know about one tunnel, in no vendor's words; addresses have Cloudflare's API names. */
export interface GatewayConfigFields {
  /** Name of the connection on the router: a letter, then up to 31 letters, digits, `-` or `_`; some dialects reserve words. */
  readonly name: string;
  /** The pre-shared key, secret. */
  readonly psk: string;
  /** The router's IKE identity, ID_FQDN: `fqdnId` of the key resource. Give exactly one of the three identities. */
  readonly fqdnId?: string;
  /** Instead of `fqdnId`: ID_RFC822_ADDR, `userFqdnId` of the key resource. */
  readonly userFqdnId?: string;
  /** Instead of `fqdnId`: ID_KEY_ID, `keyId` of the key resource. */
  readonly keyId?: string;
  /** Cloudflare's anycast IPv4 address of the tunnel: `cloudflareEndpoint` of the tunnel resource. Tunnels of one router may share it. */
  readonly cloudflareEndpoint: string;
  /** The router's own IPv4 address. @default any address of the router */
  readonly customerEndpoint?: string;
  /** The router's interface to the Internet, by its own name, such as `ge-0/0/0.0`. Junos, FortiOS and PAN-OS need it, and so does Cisco IOS-XE without `customerEndpoint`. @default none */
  readonly uplinkInterface?: string;
  /** Cloudflare's address inside the tunnel, a /31 or /30; the router gets the other one. Every dialect but strongSwan and `markdown` needs it. @default none */
  readonly interfaceAddress?: string;
  /** Cloudflare's IPv6 address inside the tunnel, a /127; the router gets the other one. @default IPv4 only */
  readonly interfaceAddress6?: string;
  /** Networks that the router reaches through the tunnel, as static routes, each once; they may overlap. @default none */
  readonly routedPrefixes?: readonly string[];
  /** The router's ASN, which turns BGP on; it must differ from Cloudflare's. @default no BGP */
  readonly customerAsn?: number;
  /** Cloudflare's ASN ("CF Account ASN"), which its docs do not let you change for IPsec tunnels. @default 13335 */
  readonly cloudflareAsn?: number;
  /** Number of the router's tunnel interface, 1 to 65,535; each tunnel of a router needs its own. @default 1 */
  readonly interfaceNumber?: number;
  /** A post-quantum key exchange in addition to DH group 20. VyOS, Junos and PAN-OS have none that Cloudflare accepts. @default none */
  readonly additionalKeyExchange?: AdditionalKeyExchange;
  /** Whether the tunnel may come up without `additionalKeyExchange`, instead of not at all. @default false */
  readonly classicalFallback?: boolean;
  /** The version of the router's software, such as `7.6.6`: what it lacks is refused. @default any version that the dialect is for */
  readonly routerVersion?: string;
}

/** The fields for the router's IKE identity; exactly one of them is given. */
export const IDENTITIES = ["fqdnId", "userFqdnId", "keyId"] as const satisfies readonly (keyof GatewayConfigFields)[];

/** A description that breaks no rule: defaults filled in, addresses read. */
export interface VerifiedTunnel extends Pick<GatewayConfigFields, "name" | "psk" | "cloudflareEndpoint"> {
  readonly customerEndpoint: string | undefined;
  readonly uplinkInterface: string | undefined;
  readonly interfaceNumber: number;
  readonly identity: { readonly type: "fqdn" | "userFqdn" | "keyId"; readonly value: string };
  readonly link: Link | undefined;
  readonly link6: Link | undefined;
  readonly routes: readonly Prefix[];
  readonly bgp:
    { readonly customerAsn: number; readonly cloudflareAsn: number; readonly hasMd5Key: boolean } | undefined;
  readonly hybrid: { readonly method: AdditionalKeyExchange; readonly isOptional: boolean } | undefined;
  readonly routerVersion: string | undefined;
}

/**
 * Reads a description that breaks no rule.
 *
 * @param hasMd5Key - Whether Cloudflare's end of the BGP session has an MD5 key.
 */
export function readTunnel(tunnel: GatewayConfigFields, hasMd5Key = false): VerifiedTunnel {
  const { name, psk, cloudflareEndpoint, customerEndpoint, uplinkInterface } = tunnel;
  const { fqdnId, userFqdnId, keyId, customerAsn, cloudflareAsn = CLOUDFLARE_ASN, interfaceNumber = 1 } = tunnel;
  const { additionalKeyExchange: method, classicalFallback = false, routerVersion } = tunnel;
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
    bgp: customerAsn === undefined ? undefined : { customerAsn, cloudflareAsn, hasMd5Key },
    hybrid: method === undefined ? undefined : { method, isOptional: classicalFallback },
    routerVersion,
  };
}

/** Returns what the reader must know beyond the configuration; each dialect writes it as comments. */
export function remarksOn({ cloudflareEndpoint, routes, bgp, hybrid }: VerifiedTunnel): string[] {
  const loop = routes.some((route) => covers(route, cloudflareEndpoint));
  return [
    ...(loop
      ? [`A routed prefix covers ${cloudflareEndpoint} itself: keep a host route to it outside the tunnel.`]
      : []),
    ...(bgp
      ? [
          "BGP: write your own policy for what the router announces. Cloudflare never opens the session: let the router retry often.",
        ]
      : []),
    ...(bgp?.hasMd5Key ? ["BGP: Cloudflare's end has an MD5 key. Set it on the router's neighbor yourself."] : []),
    ...(hybrid?.isOptional
      ? [
          "If the other side has no ML-KEM, the tunnel comes up without it, and no error says so: check what was negotiated.",
        ]
      : []),
  ];
}
