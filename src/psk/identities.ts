/** The names by which a tunnel's router may identify itself in IKE; Cloudflare accepts each of them. */
export interface IkeIdentities {
  /** ID_FQDN: `<tunnel ID>.<conduit ID>.ipsec.cloudflare.com`. */
  readonly fqdnId: string;
  /** ID_RFC822_ADDR: `ipsec@` and the FQDN. */
  readonly userFqdnId: string;
  /** ID_KEY_ID: `<conduit ID>_<tunnel ID>`; strongSwan requires `keyid:` before it. */
  readonly keyId: string;
}

/**
 * Derives the IKE identities of a resource's tunnel.
 *
 * @param conduitId - Replaces the API's `ipsec_id` if that is missing.
 * @returns `undefined` if neither is known.
 */
export function identitiesOf({
  ipsecId,
  ipsecTunnelId,
  conduitId,
}: {
  readonly ipsecId: string | undefined;
  readonly ipsecTunnelId: string;
  readonly conduitId: string | undefined;
}): IkeIdentities | undefined {
  return ikeIdentities(ipsecId ?? (conduitId && `${conduitId}_${ipsecTunnelId}`));
}

/**
 * Derives a tunnel's IKE identities from the API's `ipsec_id`.
 *
 * They contain the short conduit ID; the 32-character account ID is never part of them.
 *
 * @param ipsecId - `<conduit ID>_<tunnel ID>`.
 * @returns `undefined` if `ipsecId` is missing or has another form.
 * @see https://developers.cloudflare.com/cloudflare-wan/reference/gre-ipsec-tunnels/
 */
export function ikeIdentities(ipsecId: string | undefined): IkeIdentities | undefined {
  // In lower case, as Cloudflare writes IDs: a router compares identities byte by byte.
  const [, conduitId, tunnelId] = /^(\d+)_([0-9a-f]{32})$/.exec(ipsecId?.toLowerCase() ?? "") ?? [];
  if (conduitId === undefined || tunnelId === undefined) return undefined;
  const fqdnId = `${tunnelId}.${conduitId}.ipsec.cloudflare.com`;
  return { fqdnId, userFqdnId: `ipsec@${fqdnId}`, keyId: `${conduitId}_${tunnelId}` };
}
