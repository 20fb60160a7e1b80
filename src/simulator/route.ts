/** What a request asks for; "validate" is `psk_generate?validate_only=true`. */
export type Operation = (typeof OPERATIONS)[number];

export const OPERATIONS = ["list", "get", "create", "update", "delete", "generate", "validate"] as const;

/** Those that show a tunnel and change nothing. */
export const READS: readonly Operation[] = ["list", "get"];

/** Where a request goes. */
export interface Route {
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** "unknown": nothing is mounted there. */
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

/** Only the documented spelling counts: whatever else a client sends is a call that takes effect. */
export function isValidateOnly(query: Route["query"]): boolean {
  return query.validate_only === "true";
}
