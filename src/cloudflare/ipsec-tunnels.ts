import { z } from "zod";
import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import { canonicalId, type GeneratedPsk, isId, type TunnelRef } from "../tunnel";
import type { CallOptions, CloudflareClient } from "./client";
import {
  findListed,
  foundSchema,
  type IpsecTunnel,
  listSchema,
  pskMetadata,
  timeIn,
  toIpsecTunnel,
  type TunnelList,
} from "./shown-tunnels";

// A list of 1,000 tunnels is about 1 MB.
const MAX_LIST_BYTES = 16 * 1024 * 1024;
const MAX_TUNNEL_BYTES = 256 * 1024;
const MAX_KEY_BYTES = 64 * 1024;

const optionalText = z.string().optional().catch(undefined);
// It goes into the state and into names in IKE: an odd one is as good as none.
const ipsecId = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .optional()
  .catch(undefined);
// Only the key is required: an odd value beside it must not cost us the key.
const generatedSchema = z.preprocess(
  (result: unknown) => (Array.isArray(result) && result.length === 1 ? (result as unknown[])[0] : result),
  z.object({
    ipsec_tunnel_id: z.string().transform(canonicalId).optional().catch(undefined),
    // The state could keep such a key only as another one.
    psk: z
      .string()
      .min(1, { error: "it is empty" })
      .refine((key) => key.isWellFormed(), { error: "it has half a character in it" }),
    psk_metadata: pskMetadata.catch(undefined),
    ipsec_id: ipsecId,
  }),
);
const appliedSchema = z.object({
  psk: optionalText,
  psk_metadata: pskMetadata.catch(undefined),
  ipsec_id: ipsecId,
});
// By the IDs of tunnels. An odd value beside the ID must not hide that the key was applied, or was not.
const setSchema = z.object({
  successfully_applied_psks: z.record(z.string().transform(canonicalId), appliedSchema.catch({})).nullish(),
  unapplied_psks: z.record(z.string().transform(canonicalId), z.string().catch("it gives no reason")).nullish(),
});
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
 * Sets the pre-shared key of a tunnel. The router keeps using the old one until you deploy this one.
 *
 * It is idempotent, but a call that may have taken effect is not sent again here, so that the caller knows of it.
 *
 * @returns The key with the timestamp that Cloudflare shows for it, which may be that of an earlier key.
 * @throws {IpsecTunnelPskError} `ERR_OUTCOME_UNKNOWN` if the response was lost. `ERR_SET_UNSUPPORTED` if the API does not have
 *   the endpoint.
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/psk_set/
 */
export async function setPsk(
  client: CloudflareClient,
  tunnel: TunnelRef,
  psk: string,
  options: CallOptions,
): Promise<GeneratedPsk> {
  const response = await client.call(
    {
      ...settingOf(tunnel, psk),
      path: `${tunnelsOf(tunnel.accountId)}/psk`,
      effect: `set the key of ${nameOf(tunnel)}`,
      afterLoss: "Run `pulumi up` again: it sets the same key again.",
    },
    options,
  );
  const { psk_metadata, ipsec_id } = entryOf(response.successfully_applied_psks, tunnel) ?? {};
  return { psk, ...timeIn(psk_metadata), ...given({ ipsecId: ipsec_id }) };
}

/**
 * Asks Cloudflare whether {@link setPsk} would be accepted, and changes nothing.
 *
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/psk_set/
 */
export async function validatePskSetting(
  client: CloudflareClient,
  tunnel: TunnelRef,
  psk: string,
  options: CallOptions,
): Promise<void> {
  await client.call(
    { ...settingOf(tunnel, psk), path: `${tunnelsOf(tunnel.accountId)}/psk?validate_only=true` },
    options,
  );
}

const SET_ENDPOINT = "POST …/magic/ipsec_tunnels/psk";

function settingOf(tunnel: TunnelRef, psk: string) {
  return {
    method: "POST",
    body: { psks: [{ id: tunnel.ipsecTunnelId, psk }] },
    result: setSchema,
    flawOf: (result: z.infer<typeof setSchema>) => flawInSetting(result, tunnel, psk),
    refusalIn: ({ unapplied_psks }: z.infer<typeof setSchema>) => entryOf(unapplied_psks, tunnel),
    secrets: [psk],
    action: `set the key of ${nameOf(tunnel)}`,
    ifMissing: {
      reason: `the API has no endpoint for it, ${SET_ENDPOINT}`,
      remedy:
        "Remove psk from the IpsecTunnelPsk, so that Cloudflare generates the key. Or remove the IpsecTunnelPsk, and set psk on " +
        "the tunnel resource (MagicWanIpsecTunnel), which nothing verifies. If you have set baseUrl, check it first.",
    },
    maxBytes: MAX_KEY_BYTES,
  } as const;
}

function flawInSetting(
  { successfully_applied_psks, unapplied_psks }: z.infer<typeof setSchema>,
  tunnel: TunnelRef,
  psk: string,
): string | undefined {
  const applied = entryOf(successfully_applied_psks, tunnel);
  const isUnapplied = entryOf(unapplied_psks, tunnel) !== undefined;
  if (applied !== undefined && isUnapplied) return "it says both that the key was applied and that it was not";
  if (applied === undefined && !isUnapplied) return "it does not say whether the key was applied";
  return (applied?.psk ?? psk) === psk ? undefined : "it has another key";
}

function entryOf<T>(entries: Readonly<Record<string, T>> | null | undefined, tunnel: TunnelRef): T | undefined {
  return entries?.[tunnel.ipsecTunnelId];
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

/** Lists the tunnels of an account whose entry can be read. Only {@link findIpsecTunnel} shows that another one is gone. */
export async function listIpsecTunnels(
  client: CloudflareClient,
  accountId: string,
  options: CallOptions,
): Promise<readonly IpsecTunnel[]> {
  return (await readTunnelList(client, accountId, options)).tunnels;
}

/**
 * Reads every tunnel of an account; the response is not paginated.
 *
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/list/
 */
export async function readTunnelList(
  client: CloudflareClient,
  accountId: string,
  options: CallOptions,
): Promise<TunnelList> {
  return client.call(
    {
      method: "GET",
      path: tunnelsOf(accountId),
      result: listSchema,
      action: `list the IPsec tunnels of account ${accountId}`,
      maxBytes: MAX_LIST_BYTES,
    },
    options,
  );
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

function tunnelsOf(accountId: string): string {
  return `/accounts/${inPath(accountId)}/magic/ipsec_tunnels`;
}

function pathOf({ accountId, ipsecTunnelId }: TunnelRef): string {
  return `${tunnelsOf(accountId)}/${inPath(ipsecTunnelId)}`;
}

// The callers check them, too: this keeps a mistake there from sending a credential to another path, or a generation where
// `validate_only` was meant.
function inPath(id: string): string {
  if (isId(id)) return id;
  throw new IpsecTunnelPskError("ERR_INVALID_INPUT", {
    summary: "Cannot call Cloudflare: the ID of an account or a tunnel is not 32 hexadecimal characters",
    remedy: "Correct accountId and ipsecTunnelId. Nothing was sent.",
  });
}

function nameOf({ accountId, ipsecTunnelId }: TunnelRef): string {
  return `IPsec tunnel ${ipsecTunnelId} of account ${accountId}`;
}

function anotherTunnel(id: string, tunnel: TunnelRef): string | undefined {
  return id === tunnel.ipsecTunnelId ? undefined : "it is about another tunnel";
}
