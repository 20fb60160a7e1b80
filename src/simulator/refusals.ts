/**
 * One entry of `errors` in a response.
 *
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/
 */
export interface ApiError {
  /** At least 1000 by the schema, but 971 has been seen. */
  readonly code: number;
  readonly message: string;
  /** Causes that the gateway nests. */
  readonly error_chain?: readonly { readonly code: number; readonly message: string }[];
  /** The field that is wrong, as a JSON pointer. */
  readonly source?: { readonly pointer: string };
}

/** A call that is not carried out. */
export interface Refusal {
  readonly status: number;
  readonly errors: readonly ApiError[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function isRefusal(outcome: object): outcome is Refusal {
  return "errors" in outcome;
}

/** No credential, or half of one. The HTTP status is not established. */
export const missingCredentials = refusal(400, {
  code: 9106,
  message: "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
});

/** White space, quotes or a second "Bearer" in the token. */
export const malformedAuthorization = malformedHeader(6111, "Invalid format for Authorization header");

export const malformedAuthKey = malformedHeader(6103, "Invalid format for X-Auth-Key header");

/**
 * Both schemes together. What the real API does is not established. Refusing is the strict choice, because a client that
 * sends both does not know which of its credentials was used.
 */
export const twoSchemes = refusal(400, { code: 6003, message: "Invalid request headers" });

/** An unknown or revoked credential. These endpoints return 10000 where others return 1000 or 9109. */
export const unauthenticated = refusal(401, { code: 10000, message: "Authentication error" });

/** No permission, someone else's account, or an account that does not exist: Cloudflare does not tell them apart. */
export const forbidden = refusal(403, { code: 10000, message: "Authentication error" });

/** A malformed account ID. The HTTP status is not established. */
export function malformedPath(path: string): Refusal {
  return refusal(
    400,
    { code: 7003, message: `Could not route to ${path}, perhaps your object identifier is invalid?` },
    { code: 7000, message: "No route for that URI" },
  );
}

export const noRoute = refusal(404, { code: 7000, message: "No route for that URI" });

/** The wording is not established; existing clients match the code. */
export const notOnboarded = refusal(403, { code: 1012, message: "Account is not onboarded to Magic Transit" });

export const tunnelNotFound = refusal(404, { code: 1032, message: "IPsec tunnel not found" });

/** A body that breaks a rule. The code is not established; `source.pointer` is in the schema. */
export function invalidField(field: string, rule: string): Refusal {
  return refusal(400, { code: 1001, message: `"${field}" ${rule}`, source: { pointer: `/${field}` } });
}

/** A body that is not a JSON object. The code is not established. */
export const invalidBody = refusal(400, { code: 1001, message: "The request body is not a JSON object" });

/** The simulator's own limit, so that a faulty client cannot fill its memory. */
export const bodyTooLarge = refusal(413, { code: 1001, message: "The request body is larger than 1 MiB" });

/** Over the limit. The body is not established; 971 is the code that has been seen for throttling. */
export function throttled(retryAfterSeconds: number): Refusal {
  return { ...refusal(429, throttling), headers: { "retry-after": String(retryAfterSeconds) } };
}

export const throttling: ApiError = {
  code: 971,
  message: "Please wait and consider throttling your request speed",
};

function refusal(status: number, ...errors: readonly ApiError[]): Refusal {
  return { status, errors };
}

function malformedHeader(code: number, message: string): Refusal {
  return refusal(400, { code: 6003, message: "Invalid request headers", error_chain: [{ code, message }] });
}
