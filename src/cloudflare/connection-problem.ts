/** Why there is no connection, and what to do about it if trying again would not help. */
export interface ConnectionProblem {
  readonly reason: string;
  readonly remedy?: string;
}

const INTERCEPTED =
  "If a proxy or firewall of your network intercepts TLS, set NODE_EXTRA_CA_CERTS to a PEM file with its root certificate, in " +
  "the environment of Pulumi (docs/corporate-proxy.md). If not, check the base URL and DNS.";
const CLOCK =
  "Check this machine's clock, and whether a proxy or firewall of your network intercepts TLS (docs/corporate-proxy.md).";
const OTHER_HOST =
  "Check the base URL and DNS, and whether a proxy or firewall of your network intercepts TLS (docs/corporate-proxy.md).";

const untrusted = { reason: "Node.js does not trust the certificate that was presented", remedy: INTERCEPTED };
// These may pass, for example while a server restarts.
const notTls = { reason: "what responds there does not speak TLS" };
const otherTls = { reason: "what responds there has no version of TLS in common with Node.js" };
const notHttp1 = { reason: "what responds there does not speak HTTP/1.1" };

// https://nodejs.org/api/tls.html#x509-certificate-error-codes, and OpenSSL's reasons as Node.js names them
const PROBLEMS: Readonly<Record<string, ConnectionProblem>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_REJECTED: untrusted,
  CERT_REVOKED: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  CERT_CHAIN_TOO_LONG: untrusted,
  INVALID_CA: untrusted,
  INVALID_PURPOSE: untrusted,
  PATH_LENGTH_EXCEEDED: untrusted,
  CERT_HAS_EXPIRED: { reason: "the certificate that was presented has expired", remedy: CLOCK },
  CERT_NOT_YET_VALID: { reason: "the certificate that was presented is not valid yet", remedy: CLOCK },
  HOSTNAME_MISMATCH: { reason: "the certificate that was presented is for another host", remedy: OTHER_HOST },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    reason: "the certificate that was presented is for another host",
    remedy: OTHER_HOST,
  },
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: otherTls,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: otherTls,
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: notHttp1,
};

type Failure = Error & { readonly code?: unknown; readonly errors?: readonly Error[] };

/** Describes why a connection or an exchange failed, as one line without the internals of OpenSSL. */
export function connectionProblem(error: Failure): ConnectionProblem {
  const code = codeOf(error);
  const at = error.message.startsWith("the proxy ") ? "the proxy cannot be reached: " : "";
  const known = Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code] : undefined;
  if (known !== undefined) return { ...known, reason: `${at}${known.reason}, ${code}` };
  // OpenSSL's texts name its source files, and end in a line break.
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) {
    // An alert for which OpenSSL has no name: https://www.rfc-editor.org/rfc/rfc7301#section-3.2
    if (/alert number 120\b/.test(messageOf(error))) return { reason: `${at}${notHttp1.reason}` };
    return { reason: `${at}the TLS handshake failed, ${code}` };
  }
  const message = messageOf(error);
  return { reason: code === "" || message.includes(code) ? message : `${code}: ${message}` };
}

// A failure of the proxy's has the real one as its cause.
function codeOf({ code, cause }: Failure): string {
  if (typeof code === "string" && code !== "UND_ERR_PRX_TLS") return code;
  return typeof cause === "object" && cause !== null ? codeOf(cause as Failure) : "";
}

// The message of an AggregateError, one error for each address, is empty.
function messageOf({ message, errors = [] }: Failure): string {
  return message || errors.map((one) => one.message).join("; ");
}
