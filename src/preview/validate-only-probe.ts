import type { CallOptions, CloudflareClient } from "../cloudflare/client";
import { completeList, listIpsecTunnels } from "../cloudflare/ipsec-tunnels";
import { findListed, type IpsecTunnel } from "../cloudflare/shown-tunnels";
import { IpsecTunnelPskError } from "../errors";
import { relate } from "../psk/timestamp";
import type { TunnelRef } from "../tunnel";
import type { Question } from "./question";

/**
 * Proves once that `validate_only` persists nothing, because only Cloudflare's documentation says so: validates one tunnel,
 * and checks whether its timestamp moved.
 *
 * @param tunnels - The account's tunnels as listed before; they include the probe unless there is no such tunnel.
 * @returns The ID of the tunnel that was validated.
 * @throws {IpsecTunnelPskError} `ERR_VALIDATION_PERSISTS`, or the failure of a call.
 */
export async function proveHarmless(
  client: CloudflareClient,
  question: Pick<Question, "probe" | "words">,
  probe: TunnelRef,
  tunnels: readonly IpsecTunnel[],
  options: CallOptions,
): Promise<string> {
  const before = findListed(tunnels, probe.ipsecTunnelId)?.lastGeneratedOn;

  await question.probe(client, probe, options);
  const listed = await listIpsecTunnels(client, probe.accountId, options);
  const after = findListed(await completeList(client, probe, listed, options), probe.ipsecTunnelId);
  if (!hasMoved(before, after?.lastGeneratedOn)) return probe.ipsecTunnelId;

  throw new IpsecTunnelPskError("ERR_VALIDATION_PERSISTS", {
    summary: `Cannot trust this preview: validate_only has ${question.words.has} IPsec tunnel ${probe.ipsecTunnelId}, although it must not (timestamp before: ${before ?? "none"}, after: ${after?.lastGeneratedOn ?? "none"})`,
    remedy: `The old key of that tunnel${before === undefined ? ", if it had one," : ""} is no longer active: generate a new one for it. Set validateInPreview to false on every IpsecTunnelPsk, and report this to Cloudflare. Nothing more is validated.`,
  });
}

// An older timestamp, or one that has disappeared, comes from a lagging replica: it is not a generation of ours.
function hasMoved(before: string | undefined, after: string | undefined): boolean {
  return before === undefined ? after !== undefined : relate(after, before) === "newer";
}
