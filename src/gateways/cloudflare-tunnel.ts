import type { InputProblem } from "../errors";
import type { Rule } from "./dialect";
import type { GatewayConfigFields } from "./tunnel";

/**
 * What Cloudflare has of a tunnel, as `@pulumi/cloudflare` returns it: a `MagicWanIpsecTunnel`, or `ipsecTunnel` of
 * `getMagicWanIpsecTunnelOutput`. It may have other fields. A field that is `null` or `""` counts as absent.
 */
export interface CloudflareTunnel {
  /** Cloudflare's anycast IPv4 address of the tunnel. */
  readonly cloudflareEndpoint?: string | null | undefined;
  /** The router's IPv4 address, as Cloudflare sees it. */
  readonly customerEndpoint?: string | null | undefined;
  /** Cloudflare's IPv4 address inside the tunnel, with its prefix length. */
  readonly interfaceAddress?: string | null | undefined;
  /** Cloudflare's IPv6 address inside the tunnel, with its prefix length. */
  readonly interfaceAddress6?: string | null | undefined;
  /** Only the ASN is used. If there is an MD5 key, the text says so: set the key on the router yourself. */
  readonly bgp?:
    | {
        /** The router's ASN, which turns BGP on. */
        readonly customerAsn?: number | null | undefined;
        /** Not rendered: a comment in the configuration says that there is one. */
        readonly md5Key?: string | null | undefined;
      }
    | null
    | undefined;
}

/** A tunnel's description that may be incomplete, and what it is completed from. */
export interface GatewayConfigArgs extends Partial<GatewayConfigFields> {
  /**
   * The tunnel from which the fields that you leave out are taken: an object with any of `cloudflareEndpoint`, `customerEndpoint`,
   * `interfaceAddress`, `interfaceAddress6` and `bgp`, such as `ipsecTunnel` of `getMagicWanIpsecTunnel`. Other fields are ignored. A
   * field that is empty counts as absent.
   */
  readonly tunnel?: CloudflareTunnel | null | undefined;
}

type Taken = "cloudflareEndpoint" | "customerEndpoint" | "interfaceAddress" | "interfaceAddress6" | "customerAsn";

/** Where each field comes from that is taken from `tunnel`. */
const PATHS: Readonly<Record<Taken, string>> = {
  cloudflareEndpoint: "tunnel.cloudflareEndpoint",
  customerEndpoint: "tunnel.customerEndpoint",
  interfaceAddress: "tunnel.interfaceAddress",
  interfaceAddress6: "tunnel.interfaceAddress6",
  customerAsn: "tunnel.bgp.customerAsn",
};
const TAKEN = Object.keys(PATHS) as Taken[];

/** A description whose fields are all in one place. */
export interface CompletedDescription {
  readonly fields: Partial<GatewayConfigFields>;
  /** Whether Cloudflare's end of the BGP session has an MD5 key. */
  readonly hasMd5Key: boolean;
}

/** Takes from `tunnel` what is not given beside it. */
export function completed({ tunnel, ...given }: GatewayConfigArgs): CompletedDescription {
  const { bgp, ...rest } = objectIn(tunnel) ?? {};
  const { customerAsn, md5Key } = objectIn(bgp) ?? {};
  const offered: Readonly<Record<string, unknown>> = { ...rest, customerAsn };
  const taken = TAKEN.filter((field) => given[field] === undefined && !isAbsent(offered[field]));
  return {
    fields: { ...given, ...Object.fromEntries(taken.map((field) => [field, offered[field]])) },
    hasMd5Key: !isAbsent(md5Key),
  };
}

/** Returns the fields that are unknown as long as `tunnel` is. */
export function openWithTunnel(given: GatewayConfigArgs): readonly string[] {
  return TAKEN.filter((field) => given[field] === undefined);
}

/** Returns the rule for `tunnel` itself. */
export function cloudflareTunnelRules({ tunnel }: GatewayConfigArgs): Rule[] {
  const isTunnel = isAbsent(tunnel) || objectIn(tunnel) !== undefined;
  const reason =
    "must be an object with the tunnel's fields, or left out: " +
    "pass ipsecTunnel of getMagicWanIpsecTunnel, or outputs of a resource by their names";
  return [{ property: "tunnel", reason, holds: isTunnel, dependsOn: [] }];
}

/** Adds to each problem of a field that `tunnel` could give where its value came from, or that it had none. */
export function withSources(problems: readonly InputProblem[], description: GatewayConfigArgs): InputProblem[] {
  const { fields } = completed(description);
  return problems.map(({ property, reason }) => {
    const taken = TAKEN.find((name) => name === property);
    if (taken === undefined || isAbsent(description.tunnel) || description[taken] !== undefined)
      return { property, reason };
    const source = fields[taken] === undefined ? `${PATHS[taken]} is empty` : `its value is ${PATHS[taken]}`;
    return { property, reason: `${reason} (${source})` };
  });
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

// Callers may be plain JavaScript.
function objectIn(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
