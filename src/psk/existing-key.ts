import { IpsecTunnelPskError } from "../errors";
import type { Operation, TunnelRef } from "../tunnel";
import type { ExistingKey } from "./inputs";
import { quote } from "./quote";
import { isWholeSecond, standsFor } from "./timestamp";
import { timeIn, type TunnelApi } from "./tunnel-api";

/**
 * Checks that the key that the program names is the active one, as far as the API allows it: by its timestamp.
 *
 * @returns The key, with Cloudflare's timestamp if the program gives only its second.
 * @throws {IpsecTunnelPskError} `ERR_EXISTING_KEY_MISMATCH`
 */
export async function checkExistingKey(
  tunnels: Pick<TunnelApi, "read">,
  tunnel: TunnelRef,
  key: ExistingKey,
  operation: Operation,
): Promise<ExistingKey> {
  const seen = timeIn(await tunnels.read(tunnel, operation));
  const problem = existingKeyProblem(tunnel, key, seen);
  if (problem !== undefined) throw problem;
  return seen !== undefined && isWholeSecond(key.lastGeneratedOn) ? { ...key, lastGeneratedOn: seen } : key;
}

/** Returns the error raised when a program, or `pulumi import`, asks for a key that is not in the state. */
export function importRefused(name: string): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_INVALID_INPUT", {
    summary: `Cannot read or import IpsecTunnelPsk ${quote(name)}: Cloudflare shows a key only once`,
    remedy: "If you have the key, create the resource with existingKey; if not, create it to generate a new key.",
  });
}

/**
 * Returns the error to raise if the active key is not the one that the program names.
 *
 * @param seen - The timestamp of the active key, `undefined` if Cloudflare shows none.
 */
export function existingKeyProblem(
  { ipsecTunnelId }: TunnelRef,
  { lastGeneratedOn }: ExistingKey,
  seen: string | undefined,
): IpsecTunnelPskError | undefined {
  if (standsFor(lastGeneratedOn, seen)) return undefined;
  const shown =
    seen === undefined ? "Cloudflare shows no key of this tunnel" : `the active key was generated at ${seen}`;
  return new IpsecTunnelPskError("ERR_EXISTING_KEY_MISMATCH", {
    summary: `Cannot take over the existing key of IPsec tunnel ${ipsecTunnelId}: existingKey.lastGeneratedOn is ${lastGeneratedOn}, but ${shown}`,
    remedy: "Set existingKey to the active key and its timestamp, or remove existingKey to generate a new key.",
  });
}
