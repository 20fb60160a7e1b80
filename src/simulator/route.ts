/**
 * The operation of a request; "validate" is `psk_generate?validate_only=true`.
 *
 * @useDeclaredType
 */
export type Operation = (typeof OPERATIONS)[number];

export const OPERATIONS = ["list", "get", "create", "update", "delete", "generate", "validate"] as const;

/** The operations that show tunnels and change nothing. */
export const READS: readonly Operation[] = ["list", "get"];

/** What the path of a request addresses. */
export interface Route {
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** "unknown": there is no such endpoint. */
  readonly operation: Operation | "unknown";
  /** As written in the path, well-formed or not. */
  readonly accountId?: string;
  readonly tunnelId?: string;
}

const TUNNELS = /^\/client\/v4\/accounts\/([^/]+)\/magic\/ipsec_tunnels(?:\/([^/]+)(\/psk_generate)?)?$/;

const calls: Readonly<Record<string, Operation>> = {
  "GET tunnels": "list",
  "POST tunnels": "create",
  "GET tunnel": "get",
  "PUT tunnel": "update",
  "DELETE tunnel": "delete",
  "POST key": "generate",
};

export function findRoute(method: string, pathWithQuery: string): Route {
  const [path = "", search] = pathWithQuery.split("?", 2);
  const query = Object.fromEntries(new URLSearchParams(search));
  const [matched, accountId, tunnelId, key] = TUNNELS.exec(path) ?? [];
  if (matched === undefined || accountId === undefined) return { path, query, operation: "unknown" };

  const place = tunnelId === undefined ? "tunnels" : key === undefined ? "tunnel" : "key";
  const operation = calls[`${method} ${place}`] ?? "unknown";
  return {
    path,
    query,
    operation: operation === "generate" && isValidateOnly(query) ? "validate" : operation,
    accountId,
    ...(tunnelId !== undefined && { tunnelId }),
  };
}

/** Tells whether a call only validates. Only the documented spelling counts: with any other, the call takes effect. */
export function isValidateOnly(query: Route["query"]): boolean {
  return query.validate_only === "true";
}
