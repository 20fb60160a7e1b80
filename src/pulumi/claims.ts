import * as pulumi from "@pulumi/pulumi";
import { claimedBy } from "../psk/claimed";

// A program run is known by its stack resource: one process may run several, and one after the other.
const runs = new WeakMap<object, Claims>();

/** By tunnel; compared by identity, for resources of one name may stand below different parents. */
type Claims = Map<string, { readonly name: string }>;

/**
 * The tunnel's id, or what makes `check` refuse the resource, if another one of this program run manages the same tunnel:
 * each of them would overwrite the other's key. Judged when both ids are known.
 */
export function claimTunnel(
  name: string,
  accountId: pulumi.Input<string>,
  ipsecTunnelId: pulumi.Input<string>,
): pulumi.Output<string> {
  const claims = claimsOfThisRun();
  const claim = { name };
  // A secret account must not make the tunnel, and the identities that are derived from it, secret.
  return pulumi.all([pulumi.unsecret(pulumi.output(accountId)), ipsecTunnelId]).apply(([account, tunnel]) => {
    const key = `${account}/${tunnel}`.toLowerCase();
    const owner = claims.get(key) ?? claim;
    claims.set(key, owner);
    // Not thrown: a failure in an output ends the program, and does not say whose it was.
    return owner === claim ? tunnel : claimedBy(owner.name);
  });
}

function claimsOfThisRun(): Claims {
  const run = pulumi.runtime.getStackResource();
  const claims = (run && runs.get(run)) ?? (new Map() as Claims);
  if (run !== undefined) runs.set(run, claims);
  return claims;
}
