import { IpsecTunnelPskError } from "../errors";
import type { Operation, TunnelRef } from "../tunnel";
import type { ExistingKey } from "./inputs";
import { relate } from "./timestamp";
import { timeIn, type TunnelApi } from "./tunnel-api";

/**
 * Checks, as far as the API allows it, that the key that the program names is the active one: its timestamp must be the edge's.
 *
 * @throws {IpsecTunnelPskError} `ERR_EXISTING_KEY_MISMATCH`
 */
export async function checkExistingKey(
  tunnels: Pick<TunnelApi, "read">,
  tunnel: TunnelRef,
  key: ExistingKey,
  operation: Operation,
): Promise<void> {
  const problem = existingKeyProblem(tunnel, key, timeIn(await tunnels.read(tunnel, operation)));
  if (problem !== undefined) throw problem;
}

/** @param seen - The timestamp at the edge, `undefined` if the tunnel has no key. */
export function existingKeyProblem(
  { ipsecTunnelId }: TunnelRef,
  { lastGeneratedOn }: ExistingKey,
  seen: string | undefined,
): IpsecTunnelPskError | undefined {
  if (relate(seen, lastGeneratedOn) === "same") return undefined;
  return new IpsecTunnelPskError("ERR_EXISTING_KEY_MISMATCH", {
    summary: `Cannot take over the existing key of IPsec tunnel ${ipsecTunnelId}: existingKey.lastGeneratedOn is ${lastGeneratedOn}, but the active key was generated at ${seen ?? "an unknown time"}`,
    remedy: "Set existingKey to the active key and its timestamp, or remove existingKey to generate a new key.",
  });
}
