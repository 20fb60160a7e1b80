import type { Assumptions } from "./assumptions";

/** What the simulated Cloudflare contains, and how it behaves. Every option has a default. */
export interface CloudflareApiOptions {
  /** The accounts, one or more. Default: one, onboarded to Magic WAN, with no tunnels. */
  readonly accounts?: readonly AccountOptions[];
  /** The API tokens, each once. Default: one, with "Magic WAN Write" for every account. */
  readonly tokens?: readonly TokenOptions[];
  /** The pairs of an email and an API key, each email once. Default: none. */
  readonly users?: readonly UserOptions[];
  /** The request budget of each token and each email. Default: {@link DEFAULT_LIMIT}. */
  readonly limit?: LimitOptions;
  /** One switch for each thing that is not established about the real API. Default: {@link defaultAssumptions}. */
  readonly assumptions?: Partial<Assumptions>;
  /** The clock, in milliseconds since the epoch, up to the year 9999. Default: `Date.now`. */
  readonly now?: () => number;
  /** Returns `size` random bytes. Default: `randomBytes` of node:crypto. */
  readonly random?: (size: number) => Buffer;
}

/** The options of {@link startSimulator}: the simulated Cloudflare, and the socket that it listens on. */
export interface SimulatorOptions extends CloudflareApiOptions {
  /** TCP port on 127.0.0.1, 0 to 65535. Default: 0, any free port. */
  readonly port?: number;
  /** Real milliseconds that every response takes, independent of `now`: 0 to 2,147,483,647 (24 days). Default: 0. */
  readonly latencyMs?: number;
}

/** One Cloudflare account. */
export interface AccountOptions {
  /** 32 hexadecimal characters, unique in any case. Cloudflare writes them in lower case. */
  readonly id: string;
  /** The short number in the account's IKE identities, which is not the account ID. Default: "33145236". */
  readonly conduitId?: string;
  /** `false`: every call is refused with HTTP 403 and code 1012. Default: `true`. */
  readonly onboarded?: boolean;
  /** The tunnels that exist at the start. Default: none. */
  readonly tunnels?: readonly TunnelOptions[];
}

/**
 * One IPsec tunnel.
 *
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/
 */
export interface TunnelOptions {
  /** 32 hexadecimal characters, unique in any case. Cloudflare writes them in lower case. Default: random. */
  readonly id?: string;
  /** Unique in its account. Default: "tunnel-" and the first 8 characters of the ID. */
  readonly name?: string;
  /** The key at the edge. Default: none, or a generated one if `lastGeneratedOn` is given. */
  readonly psk?: string;
  /** RFC 3339 in UTC, up to nanoseconds. Default: now, if there is a key. */
  readonly lastGeneratedOn?: string;
  /**
   * Other fields that a request may set, by API name: `{ customer_endpoint: "192.0.2.1" }`.
   *
   * Default: only what the API requires.
   */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * The permission groups for these endpoints: a change needs a "Write", and a read needs any.
 *
 * @see https://developers.cloudflare.com/fundamentals/api/reference/permissions/
 *
 * @useDeclaredType
 */
export type Permission = (typeof PERMISSIONS)[number];

export const PERMISSIONS = ["Magic WAN Write", "Magic WAN Read", "Magic Transit Write", "Magic Transit Read"] as const;

/** What a credential may do. */
export interface GrantOptions {
  /** Default: "Magic WAN Write" alone. */
  readonly permissions?: readonly Permission[];
  /** IDs of the accounts that it may access. Default: all. */
  readonly accounts?: readonly string[];
}

/** One API token, sent as `Authorization: Bearer <token>`. */
export interface TokenOptions extends GrantOptions {
  /** Printable ASCII without spaces or quotes. */
  readonly token: string;
}

/** One email and API key, sent as `X-Auth-Email` and `X-Auth-Key`. */
export interface UserOptions extends GrantOptions {
  /** Sent as `X-Auth-Email`. */
  readonly email: string;
  /** The API key, sent as `X-Auth-Key`. */
  readonly key: string;
}

/**
 * How many requests one token or email may send. After one more, all of its requests are refused for `blockMs`.
 *
 * @see https://developers.cloudflare.com/fundamentals/api/reference/limits/
 */
export interface LimitOptions {
  /** Requests in one window: 1 or more. */
  readonly requests: number;
  /** Milliseconds of one window, which starts with its first request: 1 or more. */
  readonly windowMs: number;
  /** Milliseconds for which all requests are refused after the budget is exceeded: 0 or more. */
  readonly blockMs: number;
}

/** Cloudflare's documented budget: 1,200 requests in 300,000 ms (5 minutes), then blocked for 300,000 ms. */
export const DEFAULT_LIMIT: LimitOptions = { requests: 1_200, windowMs: 300_000, blockMs: 300_000 };

export const defaultAccounts: readonly AccountOptions[] = [{ id: "0123456789abcdef0123456789abcdef" }];
export const defaultTokens: readonly TokenOptions[] = [{ token: "simulator-token-not-a-real-credential-00" }];

/**
 * The fields of a tunnel that the API accepts and shows again: all except the key.
 *
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/create/
 */
export const TUNNEL_FIELDS = [
  "name",
  "cloudflare_endpoint",
  "customer_endpoint",
  "interface_address",
  "interface_address6",
  "description",
  "replay_protection",
  "automatic_return_routing",
  "bgp",
  "custom_remote_identities",
  "health_check",
] as const;
