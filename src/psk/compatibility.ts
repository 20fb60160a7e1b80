import { IpsecTunnelPskError } from "../errors";
import { type CloudVpn, mistakesFor, titleOf } from "./cloud-vpns";
import type { TunnelRef } from "./edge";
import type { Inputs } from "./inputs";
import { hasUnknown } from "./unknown";

/**
 * Generations for one key until one suits, at most. Of the keys that Cloudflare is taken to generate (43 characters of
 * base64url), AWS accepts 51 % and Azure 52 %: 2 tries on average, and 1 rotation in about 300 fails.
 */
export const MAX_TRIES = 8;

/** Those of the consumers that would not accept a key; what is not known yet is not judged. */
export function unsuitedFor(psk: string, compatibleWith: Inputs["compatibleWith"]): readonly CloudVpn[] {
  if (compatibleWith === undefined || hasUnknown(compatibleWith)) return [];
  return compatibleWith.filter((consumer) => mistakesFor(psk, consumer).length > 0);
}

/** What the user is told when no key suited. It says nothing of the keys. */
export function unsuitable(
  { ipsecTunnelId, compatibleWith = [] }: TunnelRef & Pick<Inputs, "compatibleWith">,
  tries: number,
): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_UNSUITABLE_PSK", {
    what: `Cannot use a key of IPsec tunnel ${ipsecTunnelId} as ${tries} were generated and none suits ${listOf(compatibleWith)}`,
    remedy:
      "Run `pulumi up` again: it tries again. The last key is in force at the edge and kept in the state, but nothing that depends on this resource was given it.",
  });
}

/** Consumers in their vendors' words: "AWS Site-to-Site VPN and Azure VPN Gateway". */
export function listOf(consumers: readonly CloudVpn[]): string {
  return consumers.map(titleOf).join(" and ");
}
