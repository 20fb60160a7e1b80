import { z } from "zod";
import { IpsecTunnelPskError } from "../errors";
import type { CallOptions, CloudflareClient } from "./client";

/** Which tunnel: 32 hexadecimal characters each. */
export interface TunnelRef {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
}

/** What `psk_generate` answers. Only the key is certain to be there. */
export interface GeneratedPsk {
  /** In force at Cloudflare's edge from now on; no later call can read it back. */
  readonly psk: string;
  /** RFC 3339, UTC, with nanoseconds, as Cloudflare sent it. */
  readonly lastGeneratedOn?: string;
  /** Cloudflare's name of the tunnel in IKE, `<conduit id>_<tunnel id>`. */
  readonly ipsecId?: string;
}

/** What a read tells of a tunnel, as far as this package needs it. */
export interface IpsecTunnel {
  readonly id: string;
  /** RFC 3339, UTC, rounded to microseconds; absent if the tunnel has no key. */
  readonly lastGeneratedOn?: string;
}

// A list of 1,000 tunnels is about 1 MB.
const MAX_LIST_BYTES = 16 * 1024 * 1024;
const MAX_TUNNEL_BYTES = 256 * 1024;
const MAX_KEY_BYTES = 64 * 1024;

const optionalText = z.string().optional().catch(undefined);
const pskMetadata = z.object({ last_generated_on: optionalText }).optional().catch(undefined);
const generatedSchema = z.object({
  ipsec_tunnel_id: optionalText,
  psk: z.string().min(1, { error: "it is empty" }),
  psk_metadata: pskMetadata,
  ipsec_id: optionalText,
});
const tunnelSchema = z.object({ id: z.string(), psk_metadata: pskMetadata });
const foundSchema = z.object({ ipsec_tunnel: tunnelSchema });
const listSchema = z.object({ ipsec_tunnels: z.array(tunnelSchema) });
const unreadSchema = z.unknown().transform(() => undefined);

/**
 * Has Cloudflare generate a new pre-shared key. The router at the other end keeps the old one until you configure it.
 *
 * Neither idempotent nor repeatable: a call that may have taken effect is not sent again here.
 *
 * @throws {IpsecTunnelPskError} `ERR_OUTCOME_UNKNOWN` if the key may have changed but the answer was lost.
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/psk_generate/
 */
export async function generatePsk(
  client: CloudflareClient,
  tunnel: TunnelRef,
  options: CallOptions,
): Promise<GeneratedPsk> {
  const { psk, psk_metadata, ipsec_id } = await client.call(
    {
      method: "POST",
      path: `${pathOf(tunnel)}/psk_generate`,
      body: {},
      result: generatedSchema,
      // An answer without the id counts as ours.
      flawOf: ({ ipsec_tunnel_id: id }) => (id === undefined ? undefined : anotherTunnel(id, tunnel)),
      act: `generate a key for ${nameOf(tunnel)}`,
      changes: true,
      maxBytes: MAX_KEY_BYTES,
    },
    options,
  );
  const lastGeneratedOn = psk_metadata?.last_generated_on;
  return {
    psk,
    ...(lastGeneratedOn !== undefined && { lastGeneratedOn }),
    ...(ipsec_id !== undefined && { ipsecId: ipsec_id }),
  };
}

/**
 * Asks Cloudflare whether {@link generatePsk} would be accepted, and changes nothing.
 *
 * The answer may hold a plausible key, which the edge does not have: it is dropped unread.
 *
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/psk_generate/
 */
export async function validatePskGeneration(
  client: CloudflareClient,
  tunnel: TunnelRef,
  options: CallOptions,
): Promise<void> {
  await client.call(
    {
      method: "POST",
      path: `${pathOf(tunnel)}/psk_generate?validate_only=true`,
      body: {},
      result: unreadSchema,
      act: `generate a key for ${nameOf(tunnel)}`,
      maxBytes: MAX_KEY_BYTES,
    },
    options,
  );
}

/**
 * Reads one tunnel.
 *
 * @returns `undefined` if Cloudflare says, with HTTP 404 and code 1032, that there is no such tunnel.
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/get/
 */
export async function findIpsecTunnel(
  client: CloudflareClient,
  tunnel: TunnelRef,
  options: CallOptions,
): Promise<IpsecTunnel | undefined> {
  try {
    const { ipsec_tunnel } = await client.call(
      {
        method: "GET",
        path: pathOf(tunnel),
        result: foundSchema,
        flawOf: ({ ipsec_tunnel: { id } }) => anotherTunnel(id, tunnel),
        act: `read ${nameOf(tunnel)}`,
        maxBytes: MAX_TUNNEL_BYTES,
      },
      options,
    );
    return toIpsecTunnel(ipsec_tunnel);
  } catch (error) {
    if (error instanceof IpsecTunnelPskError && error.code === "ERR_TUNNEL_NOT_FOUND") return undefined;
    throw error;
  }
}

/**
 * Reads every tunnel of an account; the answer is not paginated.
 *
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/list/
 */
export async function listIpsecTunnels(
  client: CloudflareClient,
  accountId: string,
  options: CallOptions,
): Promise<readonly IpsecTunnel[]> {
  const { ipsec_tunnels } = await client.call(
    {
      method: "GET",
      path: `/accounts/${accountId}/magic/ipsec_tunnels`,
      result: listSchema,
      act: `list the IPsec tunnels of account ${accountId}`,
      maxBytes: MAX_LIST_BYTES,
    },
    options,
  );
  return ipsec_tunnels.map(toIpsecTunnel);
}

/** Looks a tunnel up in a list; Cloudflare takes both cases for the same id. */
export function findListed(tunnels: readonly IpsecTunnel[], ipsecTunnelId: string): IpsecTunnel | undefined {
  return tunnels.find(({ id }) => id.toLowerCase() === ipsecTunnelId.toLowerCase());
}

function toIpsecTunnel({ id, psk_metadata }: z.infer<typeof tunnelSchema>): IpsecTunnel {
  const lastGeneratedOn = psk_metadata?.last_generated_on;
  return { id, ...(lastGeneratedOn !== undefined && { lastGeneratedOn }) };
}

function pathOf({ accountId, ipsecTunnelId }: TunnelRef): string {
  return `/accounts/${accountId}/magic/ipsec_tunnels/${ipsecTunnelId}`;
}

function nameOf({ accountId, ipsecTunnelId }: TunnelRef): string {
  return `IPsec tunnel ${ipsecTunnelId} of account ${accountId}`;
}

function anotherTunnel(id: string, tunnel: TunnelRef): string | undefined {
  return id.toLowerCase() === tunnel.ipsecTunnelId.toLowerCase() ? undefined : "it is about another tunnel";
}
