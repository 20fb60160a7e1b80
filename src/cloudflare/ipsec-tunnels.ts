import { z } from "zod";
import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import type { GeneratedPsk, TunnelRef } from "../tunnel";
import type { CallOptions, CloudflareClient } from "./client";

/** What a read shows of a tunnel, as far as this package needs it. */
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
// Empty or missing: the tunnel has no key. A time that cannot be read must not count as that.
const pskMetadata = z
  .object({
    last_generated_on: z
      .string()
      .refine((text) => text === "" || isTimestamp(text), { error: "it is not an RFC 3339 timestamp" })
      .nullish(),
  })
  .nullish();
// Only the key is required: an odd value beside it must not cost us the key.
const generatedSchema = z.preprocess(
  (result: unknown) => (Array.isArray(result) && result.length === 1 ? (result as unknown[])[0] : result),
  z.object({
    ipsec_tunnel_id: optionalText,
    psk: z.string().min(1, { error: "it is empty" }),
    psk_metadata: pskMetadata.catch(undefined),
    ipsec_id: optionalText,
  }),
);
const tunnelSchema = z.object({ id: z.string(), psk_metadata: pskMetadata });
const foundSchema = z.object({ ipsec_tunnel: tunnelSchema });
// A list that is null counts as empty. An entry that cannot be read is left out, and a read of that tunnel tells more.
const listSchema = z
  .object({ ipsec_tunnels: z.array(tunnelSchema.nullable().catch(null)) })
  .catch({ ipsec_tunnels: [] });
const unreadSchema = z.unknown().transform(() => undefined);

/**
 * Generates a new pre-shared key. The router keeps using the old one until you deploy the new one.
 *
 * It is not idempotent: a call that may have taken effect is not sent again.
 *
 * @throws {IpsecTunnelPskError} `ERR_OUTCOME_UNKNOWN` if the key may have changed but the response was lost.
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
      // A response without the ID counts as ours.
      flawOf: ({ ipsec_tunnel_id: id }) => (id === undefined ? undefined : anotherTunnel(id, tunnel)),
      action: `generate a key for ${nameOf(tunnel)}`,
      effect: `generated a key for ${nameOf(tunnel)}`,
      maxBytes: MAX_KEY_BYTES,
    },
    options,
  );
  return { psk, ...timeIn(psk_metadata), ...given({ ipsecId: ipsec_id }) };
}

/**
 * Asks Cloudflare whether {@link generatePsk} would be accepted, and changes nothing.
 *
 * The response may contain a plausible key, which is not the active one: it is dropped.
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
      action: `generate a key for ${nameOf(tunnel)}`,
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
        action: `read ${nameOf(tunnel)}`,
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
 * Reads every tunnel of an account; the response is not paginated. Only {@link findIpsecTunnel} shows that one is gone: a
 * list may lag behind, and leaves out an entry that cannot be read.
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
      path: tunnelsOf(accountId),
      result: listSchema,
      action: `list the IPsec tunnels of account ${accountId}`,
      maxBytes: MAX_LIST_BYTES,
    },
    options,
  );
  return ipsec_tunnels.filter((entry) => entry !== null).map(toIpsecTunnel);
}

/**
 * Adds a tunnel to a list that does not have it, as a read of that tunnel shows it.
 *
 * @returns The list unchanged if it has the tunnel, or if Cloudflare says that there is no such tunnel.
 */
export async function completeList(
  client: CloudflareClient,
  tunnel: TunnelRef,
  tunnels: readonly IpsecTunnel[],
  options: CallOptions,
): Promise<readonly IpsecTunnel[]> {
  if (findListed(tunnels, tunnel.ipsecTunnelId) !== undefined) return tunnels;
  const found = await findIpsecTunnel(client, tunnel, options);
  return found === undefined ? tunnels : [...tunnels, found];
}

/** Looks up a tunnel in a list, in upper or lower case. */
export function findListed(tunnels: readonly IpsecTunnel[], ipsecTunnelId: string): IpsecTunnel | undefined {
  return tunnels.find(({ id }) => id.toLowerCase() === ipsecTunnelId.toLowerCase());
}

function toIpsecTunnel({ id, psk_metadata }: z.infer<typeof tunnelSchema>): IpsecTunnel {
  return { id, ...timeIn(psk_metadata) };
}

function timeIn(metadata: z.infer<typeof pskMetadata>): Pick<IpsecTunnel, "lastGeneratedOn"> {
  const lastGeneratedOn = metadata?.last_generated_on ?? "";
  return lastGeneratedOn === "" ? {} : { lastGeneratedOn };
}

// https://www.rfc-editor.org/rfc/rfc3339#section-5.6
function isTimestamp(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text) && !Number.isNaN(Date.parse(text));
}

// Cloudflare's IDs are in lower case, and it accepts no others.
function tunnelsOf(accountId: string): string {
  return `/accounts/${accountId.toLowerCase()}/magic/ipsec_tunnels`;
}

function pathOf({ accountId, ipsecTunnelId }: TunnelRef): string {
  return `${tunnelsOf(accountId)}/${ipsecTunnelId.toLowerCase()}`;
}

function nameOf({ accountId, ipsecTunnelId }: TunnelRef): string {
  return `IPsec tunnel ${ipsecTunnelId} of account ${accountId}`;
}

function anotherTunnel(id: string, tunnel: TunnelRef): string | undefined {
  return id.toLowerCase() === tunnel.ipsecTunnelId.toLowerCase() ? undefined : "it is about another tunnel";
}
