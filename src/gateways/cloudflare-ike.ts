/** The parameters of IKE and IPsec: what Cloudflare accepts, and what this package chooses of it. */

/** IKE SA: AES-256-CBC. @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/strongswan/ */
export const IKE_ENCRYPTION = "aes256";
/** IKE SA: SHA-256. @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/strongswan/ */
export const IKE_INTEGRITY = "sha256";
/** Child SA: AES-256-GCM. @see https://developers.cloudflare.com/cloudflare-wan/reference/gre-ipsec-tunnels/ */
export const ESP_ENCRYPTION = "aes256gcm16";
/**
 * Diffie-Hellman group 20, which Cloudflare recommends, for IKE and for perfect forward secrecy.
 * @see https://developers.cloudflare.com/cloudflare-wan/reference/gre-ipsec-tunnels/
 */
export const DH_GROUP = "ecp384";
/** The same group by its number. @see https://developers.cloudflare.com/cloudflare-wan/reference/gre-ipsec-tunnels/ */
export const DH_GROUP_NUMBER = 20;

/**
 * IKE SA: 24 hours; Cloudflare advises 8 to 24.
 * @see https://developers.cloudflare.com/cloudflare-wan/troubleshooting/ipsec-troubleshoot/
 */
export const IKE_LIFETIME_SECONDS = 86_400;
/**
 * Child SA: 8 hours, the longest that Cloudflare advises.
 * @see https://developers.cloudflare.com/cloudflare-wan/troubleshooting/ipsec-troubleshoot/
 */
export const ESP_LIFETIME_SECONDS = 28_800;

/**
 * Dead peer detection must restart the tunnel, because Cloudflare never initiates it. The interval is our choice.
 * @see https://developers.cloudflare.com/cloudflare-wan/troubleshooting/ipsec-troubleshoot/
 */
export const DPD_INTERVAL_SECONDS = 30;
/**
 * Anti-replay protection is off, because packets come from many of Cloudflare's servers, each with its own counter.
 * @see https://developers.cloudflare.com/cloudflare-wan/reference/gre-ipsec-tunnels/
 */
export const REPLAY_WINDOW = 0;

/** MSS of TCP in the tunnel. @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/juniper/ */
export const TCP_MSS = 1_360;
/** The same for IPv6, whose header is 20 bytes longer. @see https://www.rfc-editor.org/rfc/rfc8200#section-3 */
export const TCP_MSS_IPV6 = TCP_MSS - 20;

/**
 * "CF Account ASN".
 * @see https://developers.cloudflare.com/cloudflare-wan/configuration/how-to/configure-routes/#configure-bgp-routes
 */
export const CLOUDFLARE_ASN = 13_335;
