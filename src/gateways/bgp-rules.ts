import { CLOUDFLARE_ASN } from "./cloudflare-ike";
import type { GatewayTunnel } from "./gateway-tunnel";
import { type Rule, rule } from "./rules";
import { isWhole, optional } from "./value-checks";

/**
 * The last one that is not reserved; the first is 1.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7300
 * @see https://www.rfc-editor.org/rfc/rfc7607
 */
const LAST_ASN = 4_294_967_294;
/**
 * What stands for a longer ASN where there is room for two bytes, and the last one of two bytes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6793#section-9
 * @see https://www.rfc-editor.org/rfc/rfc7300
 */
const RESERVED_ASNS = [23_456, 65_535];
const AN_ASN = `must be a whole number from 1 to ${LAST_ASN}, but not ${RESERVED_ASNS.join(" or ")}, which are reserved; or left out`;

/** Returns the rules for BGP, which `customerAsn` turns on. */
export function bgpRules({ customerAsn, cloudflareAsn, interfaceAddress }: Partial<GatewayTunnel>): Rule[] {
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

function isAsn(value: unknown): boolean {
  return isWhole(value, LAST_ASN) && !RESERVED_ASNS.some((asn) => asn === value);
}
