/**
 * The parameters of IKE and IPsec: what Cloudflare accepts, and what this package chooses of it. Behind each link is the date of
 * its source: the day of an entry in a changelog or of a standard, or when the page was last read.
 *
 * By its changelog, Cloudflare has since 2026-04-30 post-quantum IPsec, since 2026-05-11 NAT traversal that starts on UDP 500, since
 * 2026-05-12 one anycast address for each new account, and since 2026-10-05 BGP over tunnels, generally available.
 * @see https://developers.cloudflare.com/changelog/ (read in November 2026)
 */

/** IKE SA: AES-256-CBC. @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/strongswan/ (read in November 2026) */
export const IKE_ENCRYPTION = "aes256";
/** IKE SA: SHA-256. @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/strongswan/ (read in November 2026) */
export const IKE_INTEGRITY = "sha256";
/** Child SA: AES-256-GCM. @see https://developers.cloudflare.com/cloudflare-wan/reference/gre-ipsec-tunnels/ (of 2026-08-24) */
export const ESP_ENCRYPTION = "aes256gcm16";
/**
 * Diffie-Hellman group 20, which Cloudflare recommends, for IKE and for perfect forward secrecy.
 * @see https://developers.cloudflare.com/cloudflare-wan/reference/gre-ipsec-tunnels/ (of 2026-08-24)
 */
export const DH_GROUP = "ecp384";
/** The same group by its number. @see https://developers.cloudflare.com/cloudflare-wan/reference/gre-ipsec-tunnels/ (of 2026-08-24) */
export const DH_GROUP_NUMBER = 20;

/**
 * Groups that Cloudflare also accepts, for routers without group 20, such as Meraki: its guides for UniFi, VeloCloud and Yamaha
 * have 14, and 5 is weaker than what RFC 8247 asks for.
 * @see https://developers.cloudflare.com/cloudflare-wan/reference/gre-ipsec-tunnels/ (of 2026-08-24)
 * @see https://www.rfc-editor.org/rfc/rfc8247#section-2.4 (of September 2017)
 */
export const OTHER_DH_GROUP_NUMBERS = { first: 14, last: 5 };

/** A post-quantum key exchange in addition to DH group 20 (RFC 9370). Cloudflare recommends ML-KEM-768. */
export type AdditionalKeyExchange = "mlkem768" | "mlkem1024";

/**
 * Post-quantum key exchanges that Cloudflare accepts in addition to group 20, with their transform IDs.
 * @see https://developers.cloudflare.com/changelog/post/2026-04-30-ipsec-post-quantum-third-party/ (of 2026-04-30)
 * @see https://www.iana.org/assignments/ikev2-parameters/ikev2-parameters.xhtml#ikev2-parameters-8 (read in November 2026)
 */
export const ADDITIONAL_KEY_EXCHANGES: Readonly<
  Record<AdditionalKeyExchange, { readonly title: string; readonly transformId: number }>
> = {
  mlkem768: { title: "ML-KEM-768", transformId: 36 },
  mlkem1024: { title: "ML-KEM-1024", transformId: 37 },
};

/**
 * IKE SA: 24 hours; Cloudflare advises 8 to 24.
 * @see https://developers.cloudflare.com/cloudflare-wan/troubleshooting/ipsec-troubleshoot/ (read in November 2026)
 */
export const IKE_LIFETIME_SECONDS = 86_400;
/**
 * Child SA: 8 hours, the longest that Cloudflare advises.
 * @see https://developers.cloudflare.com/cloudflare-wan/troubleshooting/ipsec-troubleshoot/ (read in November 2026)
 */
export const ESP_LIFETIME_SECONDS = 28_800;

/**
 * Dead peer detection must restart the tunnel, because Cloudflare never initiates it. The interval is our choice.
 * @see https://developers.cloudflare.com/cloudflare-wan/troubleshooting/ipsec-troubleshoot/ (read in November 2026)
 */
export const DPD_INTERVAL_SECONDS = 30;
/**
 * Anti-replay protection is off, because packets come from many of Cloudflare's servers, each with its own counter.
 * @see https://developers.cloudflare.com/cloudflare-wan/reference/gre-ipsec-tunnels/ (of 2026-08-24)
 */
export const REPLAY_WINDOW = 0;

/** MSS of TCP in the tunnel. @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/juniper/ (read in November 2026) */
export const TCP_MSS = 1_360;
/** The same for IPv6, whose header is 20 bytes longer. @see https://www.rfc-editor.org/rfc/rfc8200#section-3 (of July 2017) */
export const TCP_MSS_IPV6 = TCP_MSS - 20;

/**
 * "CF Account ASN".
 * @see https://developers.cloudflare.com/cloudflare-wan/configuration/how-to/configure-routes/#configure-bgp-routes (read in November 2026)
 */
export const CLOUDFLARE_ASN = 13_335;
