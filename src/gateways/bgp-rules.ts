import { CLOUDFLARE_ASN } from "./cloudflare-ike";
import type { GatewayTunnel } from "./gateway-tunnel";
import { type Rule, rule } from "./rules";
import { isWhole, optional } from "./value-checks";

/** Returns the rules for BGP, which `customerAsn` turns on. */
export function bgpRules({ customerAsn, cloudflareAsn, interfaceAddress }: Partial<GatewayTunnel>): Rule[] {
  return [
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
  ];
}

function isAsn(value: unknown): boolean {
  return isWhole(value, 4_294_967_295);
}
