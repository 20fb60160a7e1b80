import type { ErrorCode } from "../errors";

/** What one of Cloudflare's error codes means for us. */
export interface ApiCode {
  readonly code: number;
  /** HTTP statuses under which the code has this meaning; any, where there are none. */
  readonly statuses?: readonly number[];
  readonly means: ErrorCode;
  /** Completes "Cannot … as". */
  readonly reason: string;
  readonly remedy: string;
  /** Where the code was seen or documented. */
  readonly source: string;
}

const PERMISSIONS = '"Magic WAN Write" or "Magic Transit Write"';
const CHECK_CREDENTIAL = `Check accountId, which is not the tunnel's id, and that the credential is valid, may act on this account, and has the permission ${PERMISSIONS}.`;
const SET_AGAIN = "Set it again, exactly as Cloudflare showed it.";
const CHECK_IDS =
  "Check cloudflare:baseUrl, if it is set, and accountId and ipsecTunnelId: each has 32 hexadecimal characters.";

/** One row a code; the first that matches an answer's errors or their `error_chain` is the diagnosis. */
export const API_CODES: readonly ApiCode[] = [
  {
    code: 971,
    means: "ERR_RATE_LIMITED",
    reason: "Cloudflare throttles this user's requests",
    remedy: "Wait some minutes and run again, with less else running under this user.",
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
    remedy: SET_AGAIN,
    source:
      "not documented; in the error_chain of 6003, reported for tokens with white space, quotes or a doubled Bearer",
  },
  {
    code: 6103,
    means: "ERR_NOT_AUTHORIZED",
    reason: "the API key is malformed",
    remedy: SET_AGAIN,
    source: "not documented; in the error_chain of 6003, reported for a malformed X-Auth-Key",
  },
  {
    code: 6003,
    means: "ERR_NOT_AUTHORIZED",
    reason: "Cloudflare cannot read the credential",
    remedy: SET_AGAIN,
    source: "not documented; reported with HTTP 400 for malformed authorization headers",
  },
  {
    code: 9106,
    means: "ERR_NOT_AUTHORIZED",
    reason: "the request carried no credential",
    remedy: "Check that no proxy removes the Authorization header.",
    source: "https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/",
  },
  {
    code: 9109,
    means: "ERR_NOT_AUTHORIZED",
    reason: "the API token is not valid",
    remedy: CHECK_CREDENTIAL,
    source: "not documented; reported with HTTP 403 for revoked tokens",
  },
  {
    code: 1000,
    statuses: [401, 403],
    means: "ERR_NOT_AUTHORIZED",
    reason: "the API token is not valid",
    remedy: CHECK_CREDENTIAL,
    source: "https://developers.cloudflare.com/api/resources/user/subresources/tokens/methods/verify/",
  },
  {
    code: 10000,
    means: "ERR_NOT_AUTHORIZED",
    reason: "the credential is not valid, or may not do this in this account",
    remedy: CHECK_CREDENTIAL,
    source: "https://github.com/cloudflare/cloudflare-docs/issues/23461",
  },
  {
    code: 7003,
    means: "ERR_NO_SUCH_ROUTE",
    reason: "Cloudflare knows no such path",
    remedy: CHECK_IDS,
    source: "https://github.com/cloudflare/api-schemas common.yaml",
  },
  {
    code: 7000,
    means: "ERR_NO_SUCH_ROUTE",
    reason: "Cloudflare knows no such path",
    remedy: CHECK_IDS,
    source: "https://github.com/cloudflare/api-schemas common.yaml",
  },
];
