import type { IpsecTunnelPskErrorCode } from "../errors";

/** What one of Cloudflare's error codes means for us. */
export interface ApiCode {
  readonly code: number;
  /** HTTP statuses under which the code has this meaning. Default: any. */
  readonly statuses?: readonly number[];
  readonly means: IpsecTunnelPskErrorCode;
  /** Completes "Cannot …: ". */
  readonly reason: string;
  readonly remedy: string;
  /** Where the code was seen or documented. */
  readonly source: string;
}

const PERMISSIONS = '"Magic WAN Write" or "Magic Transit Write"';
const CHECK_CREDENTIAL =
  "Check accountId, which is not the tunnel's ID. Check that the credential is neither revoked nor expired, may act on this " +
  `account, and has the permission ${PERMISSIONS}; and, for an API token, that its client IP address filter lets this machine through.`;
const SET_AGAIN = "Set it again, exactly as Cloudflare showed it";
const CHECK_PROXY =
  "Check that no proxy removes the headers: Authorization for an API token, X-Auth-Email and X-Auth-Key for an API key.";
const CHECK_IDS =
  "Check accountId and ipsecTunnelId: each has 32 hexadecimal characters. If you have set baseUrl, check it, too.";

/** One row per code; the first that matches a response's errors or their `error_chain` is the diagnosis. */
export const API_CODES: readonly ApiCode[] = [
  {
    code: 971,
    means: "ERR_RATE_LIMITED",
    reason: "Cloudflare throttles this user's requests",
    remedy: "Wait a few minutes, then run again with fewer other jobs under this user.",
    source: "https://github.com/alchemy-run/distilled packages/cloudflare/src/protocol.ts: under any HTTP status",
  },
  {
    code: 1032,
    statuses: [404],
    means: "ERR_TUNNEL_NOT_FOUND",
    reason: "the account has no such tunnel",
    remedy: "Check ipsecTunnelId and that the tunnel belongs to this account; if it was deleted, create it first.",
    source: "https://github.com/alchemy-run/alchemy Cloudflare/MagicTransit/IpsecTunnel.ts",
  },
  {
    code: 1012,
    means: "ERR_ACCOUNT_NOT_ONBOARDED",
    reason: "the account has neither Magic WAN nor Magic Transit",
    remedy: "Check accountId, or ask your Cloudflare account team to enable Magic WAN (an Enterprise feature).",
    source: "https://github.com/alchemy-run/alchemy Cloudflare/MagicTransit: MagicTransitNotOnboarded",
  },
  {
    code: 6111,
    means: "ERR_NOT_AUTHORIZED",
    reason: "the API token is malformed",
    remedy: `${SET_AGAIN}; an API key is set as apiKey, with its email.`,
    source:
      "not documented; in the error_chain of 6003, reported for tokens with white space, quotes or a doubled Bearer",
  },
  {
    code: 6102,
    means: "ERR_NOT_AUTHORIZED",
    reason: "the email of the API key is malformed",
    remedy: "Set the email with which you log in to Cloudflare.",
    source: "not documented; in the error_chain of 6003, reported for a malformed X-Auth-Email",
  },
  {
    code: 6103,
    means: "ERR_NOT_AUTHORIZED",
    reason: "the API key is malformed",
    remedy: `${SET_AGAIN}; an API token is set as apiToken.`,
    source: "not documented; in the error_chain of 6003, reported for a malformed X-Auth-Key",
  },
  {
    code: 6003,
    means: "ERR_NOT_AUTHORIZED",
    reason: "Cloudflare cannot read the credential",
    remedy: `${SET_AGAIN}, without quotes or white space, and check that no proxy changes the headers of requests.`,
    source: "not documented; reported with HTTP 400 for malformed authorization headers",
  },
  {
    code: 9103,
    means: "ERR_NOT_AUTHORIZED",
    reason: "the API key is unknown, or does not belong to this email",
    remedy: `${SET_AGAIN}, and check that its email is the one with which you log in to Cloudflare.`,
    source: "not documented; reported for an unknown X-Auth-Key or X-Auth-Email",
  },
  {
    code: 9106,
    means: "ERR_NOT_AUTHORIZED",
    reason: "the request carried no credential",
    remedy: CHECK_PROXY,
    source: "https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/",
  },
  {
    code: 9107,
    means: "ERR_NOT_AUTHORIZED",
    reason: "X-Auth-Key or X-Auth-Email is missing",
    remedy: CHECK_PROXY,
    source: "not documented; reported beside 9106 for a missing X-Auth-* header",
  },
  {
    code: 9109,
    means: "ERR_NOT_AUTHORIZED",
    reason: "the API token is not valid, or may not do this in this account or from this address",
    remedy: CHECK_CREDENTIAL,
    source:
      "https://github.com/jeessy2/ddns-go/issues/1341 and https://github.com/octodns/octodns-cloudflare/issues/60: with HTTP 403, also for valid tokens",
  },
  {
    code: 1000,
    statuses: [401, 403],
    means: "ERR_NOT_AUTHORIZED",
    reason: "the API token is not valid, or may not be used from this address",
    remedy: CHECK_CREDENTIAL,
    source: "https://developers.cloudflare.com/api/resources/user/subresources/tokens/methods/verify/",
  },
  {
    code: 10000,
    means: "ERR_NOT_AUTHORIZED",
    reason: "the credential is not valid, or may not do this in this account",
    remedy: `${CHECK_CREDENTIAL} If Cloudflare names the authentication scheme, use the other one: an API token, or an API key with its email.`,
    source: "https://github.com/cloudflare/cloudflare-docs/issues/23461",
  },
  {
    code: 7003,
    means: "ERR_NO_SUCH_ROUTE",
    reason: "the API has no such path",
    remedy: CHECK_IDS,
    source: "https://github.com/cloudflare/api-schemas common.yaml",
  },
  {
    code: 7000,
    means: "ERR_NO_SUCH_ROUTE",
    reason: "the API has no such path",
    remedy: CHECK_IDS,
    source: "https://github.com/cloudflare/api-schemas common.yaml",
  },
];
