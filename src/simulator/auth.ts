import { canonical } from "./identifier";
import type { GrantOptions, Permission, TokenOptions, UserOptions } from "./options";
import type { Refusal } from "./refusals";
import { malformedAuthKey, malformedAuthorization, missingCredentials, twoSchemes, unauthenticated } from "./refusals";
import type { Operation } from "./route";

/** The owner of a request's credential. */
export interface Caller {
  /** The user whose request budget counts: the token, or the email. */
  readonly user: string;
  readonly grant: GrantOptions;
}

export interface Credentials {
  readonly tokens: readonly TokenOptions[];
  readonly users: readonly UserOptions[];
}

/** Identifies the caller, which the gateway does before any other check. */
export function authenticate(
  headers: Readonly<Record<string, string | undefined>>,
  credentials: Credentials,
): Caller | Refusal {
  const { authorization, "x-auth-email": email, "x-auth-key": key } = headers;
  if (authorization !== undefined && (email !== undefined || key !== undefined)) return twoSchemes;
  if (authorization !== undefined) return byToken(authorization, credentials.tokens);
  if (email !== undefined && key !== undefined) return byKey(email, key, credentials.users);
  return missingCredentials;
}

export function isAllowed({ grant }: Caller, operation: Operation, accountId: string): boolean {
  if (grant.accounts !== undefined && !grant.accounts.map(canonical).includes(accountId)) return false;
  const enough = operation === "list" || operation === "get" ? [...writers, ...readers] : writers;
  return (grant.permissions ?? ["Magic WAN Write"]).some((permission) => enough.includes(permission));
}

const writers: readonly Permission[] = ["Magic WAN Write", "Magic Transit Write"];
const readers: readonly Permission[] = ["Magic WAN Read", "Magic Transit Read"];

function byToken(authorization: string, tokens: readonly TokenOptions[]): Caller | Refusal {
  const token = /^Bearer ([^\s"']+)$/.exec(authorization)?.[1];
  if (token === undefined) return malformedAuthorization;
  const grant = tokens.find((known) => known.token === token);
  return grant === undefined ? unauthenticated : { user: token, grant };
}

function byKey(email: string, key: string, users: readonly UserOptions[]): Caller | Refusal {
  if (!/^[^\s"']+$/.test(key)) return malformedAuthKey;
  const grant = users.find((known) => known.email === email && known.key === key);
  return grant === undefined ? unauthenticated : { user: email, grant };
}
