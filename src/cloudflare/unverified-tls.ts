/**
 * Returns the warning that certificates are not verified, if the environment turns that off and the base URL is reached by TLS.
 *
 * @see https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue
 */
export function unverifiedTlsWarning(
  { protocol }: URL,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (protocol !== "https:" || env.NODE_TLS_REJECT_UNAUTHORIZED !== "0") return undefined;
  return (
    "NODE_TLS_REJECT_UNAUTHORIZED is 0, so no certificate is verified: anyone between this machine and Cloudflare can read the " +
    "credential and the keys. Remove it. If a proxy of your network intercepts TLS, set NODE_EXTRA_CA_CERTS to a PEM file with " +
    "its root certificate instead (docs/corporate-proxy.md)."
  );
}
