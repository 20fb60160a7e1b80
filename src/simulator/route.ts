import { entriesOf, parseBody } from "./request-body";

/**
 * The operation of a request; "validate" is `psk_generate?validate_only=true`, and "validateSet" is `psk?validate_only=true`.
 *
 * @useDeclaredType
 */
export type Operation = (typeof OPERATIONS)[number];

export const OPERATIONS = [
  "list",
  "get",
  "create",
  "update",
  "bulkUpdate",
  "delete",
  "generate",
  "validate",
  "set",
  "validateSet",
] as const;

/** The operations that show tunnels and change nothing. */
export const READS: readonly Operation[] = ["list", "get"];

/** The operations that show which tunnels an account has. */
export const LISTS: readonly Operation[] = ["list"];

/** The operations that set keys. */
export const SETS: readonly Operation[] = ["set", "validateSet"];

/** What the path of a request addresses. */
export interface Route {
  /** Without the query. */
  readonly path: string;
  /** Each parameter of the query once, the last value. */
  readonly query: Readonly<Record<string, string>>;
  /** "unknown": there is no such endpoint. */
  readonly operation: Operation | "unknown";
  /** As written in the path, well-formed or not. */
  readonly accountId?: string;
  /** As written in the path; for "set" and "validateSet", the only tunnel that the body names. */
  readonly tunnelId?: string;
}

const TUNNELS = /^\/client\/v4\/accounts\/([^/]+)\/magic\/ipsec_tunnels(?:\/([^/]+)(\/psk_generate)?)?$/;

const calls: Readonly<Record<string, Operation>> = {
  "GET tunnels": "list",
  "POST tunnels": "create",
  "PUT tunnels": "bulkUpdate",
  "GET tunnel": "get",
  "PUT tunnel": "update",
  "DELETE tunnel": "delete",
  "POST key": "generate",
  "POST keys": "set",
};

const validating: Readonly<Partial<Record<string, Operation>>> = { generate: "validate", set: "validateSet" };

export function findRoute(method: string, pathWithQuery: string, body = ""): Route {
  const [path = "", search] = pathWithQuery.split("?", 2);
  const query = Object.fromEntries(new URLSearchParams(search));
  const [matched, accountId, tunnelId, key] = TUNNELS.exec(path) ?? [];
  if (matched === undefined || accountId === undefined) return { path, query, operation: "unknown" };

  const place = placeOf(tunnelId, key);
  const effective = calls[`${method} ${place}`] ?? "unknown";
  const tunnel = place === "keys" ? onlyTunnelIn(body) : tunnelId;
  return {
    path,
    query,
    operation: isValidateOnly(query) ? (validating[effective] ?? effective) : effective,
    accountId,
    ...(tunnel !== undefined && { tunnelId: tunnel }),
  };
}

function placeOf(tunnelId: string | undefined, key: string | undefined): "tunnels" | "tunnel" | "key" | "keys" {
  if (tunnelId === undefined) return "tunnels";
  if (key !== undefined) return "key";
  return tunnelId === "psk" ? "keys" : "tunnel";
}

function onlyTunnelIn(body: string): string | undefined {
  const entries = entriesOf(parseBody(body));
  return entries.length === 1 ? entries[0]?.id : undefined;
}

/** Tells whether a call only validates. Only the documented spelling counts: with any other, the call takes effect. */
export function isValidateOnly(query: Route["query"]): boolean {
  return query.validate_only === "true";
}
