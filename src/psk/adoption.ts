import { IpsecTunnelPskError } from "../errors";
import type { Edge, Operation, TunnelRef } from "./edge";
import type { AdoptedKey } from "./inputs";
import { relate } from "./timestamp";

/**
 * Makes sure, as far as the API lets anybody know, that the key that the program names is the one in force: its time stamp
 * has to be the edge's.
 *
 * @throws {IpsecTunnelPskError} `ERR_ADOPTION_REFUSED`
 */
export async function checkAdoption(
  edge: Pick<Edge, "read">,
  tunnel: TunnelRef,
  adopt: AdoptedKey,
  operation: Operation,
): Promise<void> {
  const sight = await edge.read(tunnel, operation);
  const problem = adoptionProblem(tunnel, adopt, sight.kind === "tunnel" ? sight.lastGeneratedOn : undefined);
  if (problem !== undefined) throw problem;
}

/** @param seen - The edge's time stamp, `undefined` if the tunnel has no key. */
export function adoptionProblem(
  { ipsecTunnelId }: TunnelRef,
  { lastGeneratedOn }: AdoptedKey,
  seen: string | undefined,
): IpsecTunnelPskError | undefined {
  if (relate(seen, lastGeneratedOn) === "same") return undefined;
  return new IpsecTunnelPskError("ERR_ADOPTION_REFUSED", {
    what: `Cannot adopt the key of IPsec tunnel ${ipsecTunnelId} as adopt.lastGeneratedOn is ${lastGeneratedOn}, and the edge's key is of ${seen ?? "no known time"}`,
    remedy:
      "Give the key and the time stamp of the generation that is in force, or remove adopt to have a new key generated.",
  });
}
