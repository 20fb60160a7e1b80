import { IpsecTunnelPskError } from "../errors";
import type { ResolvedInputs } from "./inputs";
import { isByName } from "./resolution";
import { quote } from "./quote";
import { hasUnknown } from "./sentinels";
import { idOf } from "./state";

/** The tunnels that resources manage in one process, however each of them names its tunnel. */
export interface TunnelClaims {
  /**
   * Claims a tunnel for a resource. A second resource would overwrite the key of the first. Two that name it in the same way are
   * refused before, when their arguments are checked.
   *
   * @throws {IpsecTunnelPskError} `ERR_INVALID_INPUT`
   */
  claim(inputs: ResolvedInputs): void;
}

export function createTunnelClaims(): TunnelClaims {
  const owners = new Map<string, string>();
  return {
    claim(inputs) {
      if (hasUnknown([inputs.accountId, inputs.ipsecTunnelId, inputs.ipsecTunnelName])) return;
      const tunnel = idOf(inputs);
      const naming = isByName(inputs) ? `ipsecTunnelName ${quote(inputs.ipsecTunnelName)}` : "ipsecTunnelId";
      const owner = owners.get(tunnel) ?? naming;
      owners.set(tunnel, owner);
      if (owner !== naming) throw secondClaim(inputs, `another IpsecTunnelPsk, which has it from ${owner}`);
    },
  };
}

/** Returns the error raised for a tunnel that two resources manage. @param owner - The other resource. */
export function secondClaim({ ipsecTunnelId, ipsecTunnelName }: ResolvedInputs, owner: string): IpsecTunnelPskError {
  const naming = ipsecTunnelName === undefined ? "" : `, which is ${quote(ipsecTunnelName)}`;
  return new IpsecTunnelPskError("ERR_INVALID_INPUT", {
    summary: `Cannot manage the key of IPsec tunnel ${ipsecTunnelId}${naming}: it already belongs to ${owner}`,
    remedy:
      "Remove one of the two: a tunnel has one key, and each resource would overwrite the key of the other. Nothing was generated.",
  });
}
