import { brokenRules, type CloudVpn, titleOf } from "../cloud-vpns";
import { IpsecTunnelPskError } from "../errors";
import type { TunnelRef } from "../tunnel";
import type { Inputs } from "./inputs";
import { hasUnknown, UNKNOWN } from "./sentinels";

/**
 * The most keys that are generated until one is compatible. Of the keys that Cloudflare is assumed to generate (43
 * characters of base64url), AWS accepts 51% and Azure 52%: 2 attempts on average, and 1 rotation in about 300 fails.
 */
export const MAX_INCOMPATIBLE_KEYS = 8;

/** Returns the cloud VPNs that would not accept a key; what is unknown is not judged. */
export function incompatibleWith(psk: string, compatibleWith: Inputs["compatibleWith"]): readonly CloudVpn[] {
  if (compatibleWith === undefined || (compatibleWith as unknown) === UNKNOWN) return [];
  return compatibleWith.filter((consumer) => !hasUnknown(consumer) && brokenRules(psk, consumer).length > 0);
}

/** Returns the error raised when no key was compatible. It never quotes a key. */
export function noneCompatible(
  { ipsecTunnelId, compatibleWith = [] }: TunnelRef & Pick<Inputs, "compatibleWith">,
  attempts: number,
): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_UNSUITABLE_PSK", {
    summary: `Cannot use a key of IPsec tunnel ${ipsecTunnelId}: ${attempts} keys were generated, and none is compatible with ${listOf(compatibleWith)}`,
    remedy:
      "Run `pulumi up` again: it generates further keys. The last key is active and kept in the state, but resources that depend on it did not receive it.",
    nextStep: "retry",
  });
}

/** Lists cloud VPNs by their vendors' names: "AWS Site-to-Site VPN and Azure VPN Gateway". */
export function listOf(consumers: readonly CloudVpn[]): string {
  return consumers.map(titleOf).join(" and ");
}
