import { DEFAULT_BASE_URL, parseBaseUrl } from "../cloudflare/base-url";
import { type CloudflareClient, createClient } from "../cloudflare/client";
import { ENVIRONMENT_VARIABLES, findCredentials, type SettingsSource } from "../cloudflare/credentials";
import { createDispatcher } from "../cloudflare/dispatcher";
import type { RateLimiter } from "../cloudflare/rate-limiter";
import type { TunnelLists } from "../cloudflare/tunnel-lists";
import { unverifiedTlsWarning } from "../cloudflare/unverified-tls";
import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import { VERSION } from "../version";
import { keyIn, nameOfSetting, type Namespace, namespaceIn, PROVIDER_NAME_KEY, type Settings } from "./settings";
import { listsThrough } from "./shared-lists";
import { sleep as uncancelledSleep } from "./sleep";

/**
 * Reads the connection settings from the configuration of the stack, or of an explicit provider.
 *
 * @param note - Sentences that follow the remedy about a value of the stack configuration.
 * @param namespace - Default: the one in which the dynamic provider finds credentials.
 */
export function stackConfig(
  get: (key: string) => string | undefined,
  note?: string,
  namespace: Namespace = namespaceIn(get),
): SettingsSource {
  const provider = get(PROVIDER_NAME_KEY);
  return {
    originOf: (name) => ({
      name: nameOfSetting(`stack config ${keyIn(namespace, name)}`, name, provider),
      ...given({ note: provider === undefined ? note : undefined }),
    }),
    get: (name) => get(keyIn(namespace, name)),
  };
}

/** Reads Cloudflare's own environment variables. An empty one counts as unset: CI systems set empty ones for secrets that do not exist. */
export function environment(env: Readonly<Record<string, string | undefined>>): SettingsSource {
  return {
    originOf: (name) => ({ name: `environment variable ${ENVIRONMENT_VARIABLES[name]}` }),
    get: (name) => {
      const value = env[ENVIRONMENT_VARIABLES[name]];
      return value === "" ? undefined : value;
    },
  };
}

/** A client, the lists that its users share, and the base URL that it calls. */
export interface Connection {
  readonly client: CloudflareClient;
  readonly lists: TunnelLists;
  readonly baseUrl: string;
  /** What the user should know before anything is sent. */
  readonly warning?: string;
}

/**
 * Makes a client from the first source that has credentials, and the first that has a base URL. Sends nothing.
 *
 * @returns `undefined` if no source has credentials.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_CREDENTIALS` or `ERR_INVALID_BASE_URL`.
 */
export function connect(
  sources: readonly SettingsSource[],
  settings: Pick<Settings, "backoffMs" | "requestTimeoutMs" | "batchWaitMs" | "lagWaitMs">,
  limiter?: RateLimiter,
  sleep = uncancelledSleep,
): Connection | undefined {
  const credentials = findCredentials(sources);
  if (credentials === undefined) return undefined;
  const baseUrl = findBaseUrl(sources);
  const client = createClient({
    baseUrl,
    credentials,
    dispatcher: createDispatcher(baseUrl, settings),
    userAgent: `pulumi-cloudflare-ipsec-psk/${VERSION}`,
    now: Date.now,
    random: Math.random,
    sleep,
    backoffMs: settings.backoffMs,
    timeoutMs: settings.requestTimeoutMs,
    ...given({ limiter }),
  });
  return {
    client,
    lists: listsThrough(client, { now: Date.now, sleep }, settings),
    baseUrl: baseUrl.href,
    ...given({ warning: unverifiedTlsWarning(baseUrl, process.env) }),
  };
}

/** Returns the error raised if credentials are needed but none are configured. */
export function noCredentials(namespace: Namespace = "cloudflare"): IpsecTunnelPskError {
  // Users who know @pulumi/cloudflare have it there.
  const elsewhere =
    namespace === "cloudflare" ? "" : ` Pulumi does not pass \`${keyIn("cloudflare", "apiToken")}\` to this provider.`;
  return new IpsecTunnelPskError("ERR_NO_CREDENTIALS", {
    summary: "Cannot call Cloudflare's API: no credentials are configured",
    remedy: `Run \`pulumi config set --secret ${keyIn(namespace, "apiToken")}\`, or set CLOUDFLARE_API_TOKEN, to an API token with the permission "Magic WAN Write" or "Magic Transit Write".${elsewhere}`,
  });
}

function findBaseUrl(sources: readonly SettingsSource[]): URL {
  const source = sources.find((source) => source.get("baseUrl") !== undefined);
  return parseBaseUrl(
    source?.get("baseUrl") ?? DEFAULT_BASE_URL,
    source?.originOf("baseUrl") ?? { name: "the default" },
  );
}
