import type { CallOptions, CloudflareClient } from "../../cloudflare/client";
import {
  completeList,
  findListed,
  type IpsecTunnel,
  listIpsecTunnels,
  type TunnelRef,
  validatePskGeneration,
} from "../../cloudflare/ipsec-tunnels";
import { IpsecTunnelPskError } from "../../errors";
import { relate } from "../../psk/timestamp";

/**
 * The tunnels on which to try whether `validate_only` is harmless, in order: one without a key, for it carries no traffic;
 * then the one that is to be validated anyway, should that be refused. Never another one with a key.
 */
export function probesFor(tunnel: TunnelRef, tunnels: readonly IpsecTunnel[]): readonly [TunnelRef, ...TunnelRef[]] {
  const keyless = tunnels.find(({ lastGeneratedOn }) => lastGeneratedOn === undefined);
  if (keyless === undefined || keyless.id.toLowerCase() === tunnel.ipsecTunnelId.toLowerCase()) return [tunnel];
  return [{ accountId: tunnel.accountId, ipsecTunnelId: keyless.id }, tunnel];
}

/**
 * Proves once that `validate_only` persists nothing, for that is Cloudflare's word alone: validates one tunnel, and looks
 * whether its time stamp moved.
 *
 * @param tunnels - The account's tunnels as they were listed before, and the probe unless there is no such tunnel.
 * @returns The id of the tunnel that was validated.
 * @throws {IpsecTunnelPskError} `ERR_VALIDATION_PERSISTS`, or whatever the calls fail with.
 */
export async function proveHarmless(
  client: CloudflareClient,
  probe: TunnelRef,
  tunnels: readonly IpsecTunnel[],
  options: CallOptions,
): Promise<string> {
  const before = findListed(tunnels, probe.ipsecTunnelId)?.lastGeneratedOn;

  await validatePskGeneration(client, probe, options);
  const listed = await listIpsecTunnels(client, probe.accountId, options);
  const after = findListed(await completeList(client, probe, listed, options), probe.ipsecTunnelId);
  if (!hasMoved(before, after?.lastGeneratedOn)) return probe.ipsecTunnelId.toLowerCase();

  throw new IpsecTunnelPskError("ERR_VALIDATION_PERSISTS", {
    what: `Cannot trust this preview as validate_only has generated a key for IPsec tunnel ${probe.ipsecTunnelId} (time stamp before: ${before ?? "none"}, after: ${after?.lastGeneratedOn ?? "none"}), although it must not`,
    remedy: `That tunnel's old key is no longer in force${before === undefined ? ", if it had one" : ""}: generate a new one for it. Set preflight to false on every IpsecTunnelPsk, and report this to Cloudflare. Nothing more is validated.`,
  });
}

// An older time stamp, or none any more, is a replica that lags behind: no generation of ours.
function hasMoved(before: string | undefined, after: string | undefined): boolean {
  return before === undefined ? after !== undefined : relate(after, before) === "newer";
}
