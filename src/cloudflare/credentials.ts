import { IpsecTunnelPskError } from "../errors";

/** How requests are authorized. One scheme is sent, never both. */
export type Credentials = (
  | { readonly scheme: "apiToken"; readonly apiToken: string }
  | { readonly scheme: "apiKey"; readonly apiKey: string; readonly email: string }
) & {
  readonly origin: Origin;
};

/** Where a setting came from, for error messages. */
export interface Origin {
  /** `stack config cloudflare:apiToken` or `environment variable CLOUDFLARE_API_TOKEN`. */
  readonly name: string;
  /** Sentences that follow a remedy: why a value that was set again may not arrive. */
  readonly note?: string;
}

/** Returns a remedy with the note of an origin. */
export function withNote(remedy: string, { note }: Origin): string {
  return note === undefined ? remedy : `${remedy} ${note}`;
}

/** A source of settings, by the names that they have in `@pulumi/cloudflare`. */
export interface SettingsSource {
  originOf(name: ConnectionSetting): Origin;
  get(name: ConnectionSetting): string | undefined;
}

export type ConnectionSetting = "apiToken" | "apiKey" | "email" | "baseUrl";

/** The environment variables that Cloudflare's own tools read. */
export const ENVIRONMENT_VARIABLES: Readonly<Record<ConnectionSetting, string>> = {
  apiToken: "CLOUDFLARE_API_TOKEN",
  apiKey: "CLOUDFLARE_API_KEY",
  email: "CLOUDFLARE_EMAIL",
  baseUrl: "CLOUDFLARE_BASE_URL",
};

/**
 * Takes the credentials from the first source that has any, in the order of `@pulumi/cloudflare`.
 *
 * @returns `undefined` if no source has any.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_CREDENTIALS` if those of the first source that has any are malformed or incomplete.
 */
export function findCredentials(sources: readonly SettingsSource[]): Credentials | undefined {
  for (const source of sources) {
    const credentials = readCredentials(source);
    if (credentials !== undefined) return credentials;
  }
  return undefined;
}

function readCredentials(source: SettingsSource): Credentials | undefined {
  const apiToken = source.get("apiToken");
  if (apiToken !== undefined) {
    const origin = source.originOf("apiToken");
    return { scheme: "apiToken", apiToken: wellFormed(apiToken, origin), origin };
  }

  const apiKey = source.get("apiKey");
  const email = source.get("email");
  if (apiKey !== undefined && email !== undefined) {
    const origin = source.originOf("apiKey");
    return {
      scheme: "apiKey",
      apiKey: wellFormed(apiKey, origin),
      email: wellFormed(email, source.originOf("email")),
      origin,
    };
  }
  if (apiKey !== undefined) throw incomplete(source, "apiKey", "email");
  return undefined;
}

// Cloudflare rejects such credentials with 6003 "Invalid request headers", which does not help: say here what is wrong.
const MALFORMED: readonly (readonly [RegExp, string])[] = [
  [/^$/, "it is empty"],
  [/^bearer\b/i, 'it starts with "Bearer", which is added for you'],
  [/\s/, "it has white space in it"],
  [/["'`]/, "it has quotes in it"],
  [/[^\x21-\x7e]/, "it has characters outside printable ASCII"],
];

function wellFormed(value: string, origin: Origin): string {
  const flaw = MALFORMED.find(([pattern]) => pattern.test(value));
  if (flaw === undefined) return value;
  throw new IpsecTunnelPskError("ERR_INVALID_CREDENTIALS", {
    summary: `Cannot use the credential from ${origin.name}: ${flaw[1]}`,
    remedy: withNote("Set it again, exactly as Cloudflare showed it. Nothing was sent.", origin),
  });
}

function incomplete(
  source: SettingsSource,
  present: ConnectionSetting,
  missing: ConnectionSetting,
): IpsecTunnelPskError {
  const origin = source.originOf(present);
  return new IpsecTunnelPskError("ERR_INVALID_CREDENTIALS", {
    summary: `Cannot use ${origin.name}: ${source.originOf(missing).name} is not set`,
    remedy: withNote("Set both, or, better, only an API token. Nothing was sent.", origin),
  });
}

/** Returns the headers that carry the credentials. */
export function authorizationHeaders(credentials: Credentials): Record<string, string> {
  return credentials.scheme === "apiToken"
    ? { authorization: `Bearer ${credentials.apiToken}` }
    : { "x-auth-email": credentials.email, "x-auth-key": credentials.apiKey };
}

/** Returns what must never appear in a text that a person reads. */
export function secretsOf(credentials: Credentials): string[] {
  return [credentials.scheme === "apiToken" ? credentials.apiToken : credentials.apiKey];
}
