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
  readonly claim: (inputs: ResolvedInputs) => void;
  /**
   * Claims a tunnel until another diff names it in another way: the engine may diff a resource that depends on a replaced one with its
   * old arguments, and then with those of the program.
   *
   * @throws {IpsecTunnelPskError} `ERR_INVALID_INPUT` if it is claimed for good.
   */
  readonly claimInDiff: (inputs: ResolvedInputs) => void;
}

interface Owner {
  readonly naming: string;
  readonly isForGood: boolean;
}

export function createTunnelClaims(): TunnelClaims {
  const owners = new Map<string, Owner>();

  function claim(inputs: ResolvedInputs, isForGood: boolean): void {
    if (hasUnknown([inputs.accountId, inputs.ipsecTunnelId, inputs.ipsecTunnelName])) return;
    const tunnel = idOf(inputs);
    const naming = isByName(inputs) ? `ipsecTunnelName ${quote(inputs.ipsecTunnelName)}` : "ipsecTunnelId";
    const owner = owners.get(tunnel) ?? { naming, isForGood };
    if (owner.naming !== naming && (isForGood || owner.isForGood)) {
      throw secondClaim(inputs, `another IpsecTunnelPsk, which names it by ${owner.naming}`);
    }
    owners.set(tunnel, { naming, isForGood: isForGood || owner.isForGood });
  }

  return {
    claim: (inputs) => {
      claim(inputs, true);
    },
    claimInDiff: (inputs) => {
      claim(inputs, false);
    },
  };
}

/** Returns the error raised for a tunnel that two resources manage. @param owner - The other resource. */
export function secondClaim({ ipsecTunnelId, ipsecTunnelName }: ResolvedInputs, owner: string): IpsecTunnelPskError {
  const naming = ipsecTunnelName === undefined ? "" : `, which is ${quote(ipsecTunnelName)}`;
  return new IpsecTunnelPskError("ERR_INVALID_INPUT", {
    summary: `Cannot manage the key of IPsec tunnel ${ipsecTunnelId}${naming}: it already belongs to ${owner}`,
    remedy:
      "Remove one of the two, because a tunnel has one key, and each resource would overwrite the key of the other. Nothing was generated.",
  });
}
