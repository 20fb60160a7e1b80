/** The forms that a generated key is assumed to have. */
export const KEY_FORMS = ["base64url-43", "alphanumeric-32"] as const;

/**
 * What is not established about the real API outside Cloudflare, one switch each. The defaults follow the best available
 * evidence. A client that works under either setting does not depend on a guess.
 */
export interface Assumptions {
  /**
   * The form of a generated key. Not established. The keys in Cloudflare's guide for Cisco routers, masked in
   * the middle, look like 32 bytes in unpadded base64url; the API page's example has 32 letters and digits.
   *
   * @default "base64url-43"
   * @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/cisco-ios-xe/
   */
  readonly generatedKey: (typeof KEY_FORMS)[number];
  /**
   * Whether the response to `psk_generate?validate_only=true` has a plausible key and a fresh timestamp. Not established.
   * Cloudflare's guide for Aruba EdgeConnect shows such a response.
   *
   * @default true, which is a trap: that key is not active
   * @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/aruba-edgeconnect/
   */
  readonly validateReturnsKey: boolean;
  /**
   * Whether a call with `validate_only=true` has an effect nevertheless. Not established: the documentation says that it
   * has none, but the parameter is not in the schema of `psk_generate`. The schema of the call that sets keys has it.
   *
   * @default false
   * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/psk_generate/
   */
  readonly validatePersists: boolean;
  /**
   * Whether a key set by a tunnel `PUT` moves `psk_metadata.last_generated_on`. Not established. In a sample of
   * the documentation, `modified_on` moved and `last_generated_on` did not.
   *
   * @default false
   * @see https://developers.cloudflare.com/cloudflare-wan/configuration/how-to/configure-tunnel-endpoints/
   */
  readonly putMovesTimestamp: boolean;
  /**
   * Whether a key set by `POST …/ipsec_tunnels/psk` moves `psk_metadata.last_generated_on`. Not established: the response's
   * schema has a timestamp, but nothing says of which key.
   *
   * @default true
   * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/psk_set/
   */
  readonly setMovesTimestamp: boolean;
  /**
   * Whether the response to `psk_generate` has `ipsec_id`. Not established: the documentation's samples have it, but the
   * schema does not.
   *
   * @default true
   * @see https://developers.cloudflare.com/cloudflare-wan/configuration/how-to/configure-tunnel-endpoints/
   */
  readonly generateReturnsIpsecId: boolean;
  /**
   * Whether a read shows `remote_identities`. Not established: the documentation's samples have them, but the
   * current schema does not.
   *
   * @default true
   * @see https://developers.cloudflare.com/cloudflare-wan/configuration/how-to/configure-tunnel-endpoints/
   */
  readonly getReturnsRemoteIdentities: boolean;
  /**
   * Whether a tunnel `PUT` with `"psk": null` removes the key. Not established, because nothing is documented; the
   * alternative is that it counts as a field that is left out.
   *
   * @default true
   */
  readonly putNullRemovesKey: boolean;
  /**
   * Whether a tunnel that is renamed keeps `created_on`. Not established, because nothing is documented; the alternative is that
   * it counts as created again, under the same ID.
   *
   * @default true
   */
  readonly renameKeepsCreatedOn: boolean;
}

/** What the documentation suggests, for each thing that is not established. */
export const defaultAssumptions: Assumptions = {
  generatedKey: "base64url-43",
  validateReturnsKey: true,
  validatePersists: false,
  putMovesTimestamp: false,
  setMovesTimestamp: true,
  generateReturnsIpsecId: true,
  getReturnsRemoteIdentities: true,
  putNullRemovesKey: true,
  renameKeepsCreatedOn: true,
};
