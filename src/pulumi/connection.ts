import { DEFAULT_BASE_URL, parseBaseUrl } from "../cloudflare/base-url";
import { type CloudflareClient, createClient } from "../cloudflare/client";
import {
  type Credentials,
  ENVIRONMENT_VARIABLES,
  findCredentials,
  type SettingsSource,
} from "../cloudflare/credentials";
import { createDispatcher } from "../cloudflare/dispatcher";
import type { RateLimiter } from "../cloudflare/rate-limiter";
import { VERSION } from "../version";
import { configKey, PROVIDER_NAME_KEY } from "./config-keys";
import type { ProcessSettings } from "./settings";
import { sleep } from "./sleep";

/** Settings in the namespace of `@pulumi/cloudflare`, so that both act as one account in one stack. */
export function stackConfig(get: (key: string) => string | undefined, note = ""): SettingsSource {
  const provider = get(PROVIDER_NAME_KEY);
  return {
    describe: (name) =>
      provider === undefined ? `stack config ${configKey(name)}${note}` : `${name} of Provider "${provider}"`,
    get: (name) => get(configKey(name)),
  };
}

/** Cloudflare's own environment variables. One that is empty counts as unset: CI writes those for secrets that it lacks. */
export function environment(env: Readonly<Record<string, string | undefined>>): SettingsSource {
  return {
    describe: (name) => `environment variable ${ENVIRONMENT_VARIABLES[name]}`,
    get: (name) => {
      const value = env[ENVIRONMENT_VARIABLES[name]];
      return value === "" ? undefined : value;
    },
  };
}

/** A client, and the base URL that it calls. */
export interface Connection {
  readonly client: CloudflareClient;
  readonly baseUrl: string;
}

/**
 * Makes a client from the first source that has credentials, and the first that has a base URL. Sends nothing.
 *
 * @returns `undefined` if no source has credentials.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_CREDENTIALS` or `ERR_INVALID_BASE_URL`.
 */
export function connect(
  sources: readonly SettingsSource[],
  settings: ProcessSettings,
  limiter?: RateLimiter,
): Connection | undefined {
  const credentials = findCredentials(sources);
  if (credentials === undefined) return undefined;
  const baseUrl = findBaseUrl(sources);
  return { client: clientFor(credentials, baseUrl, settings, limiter), baseUrl: baseUrl.href };
}

function findBaseUrl(sources: readonly SettingsSource[]): URL {
  const source = sources.find((source) => source.get("baseUrl") !== undefined);
  return parseBaseUrl(source?.get("baseUrl") ?? DEFAULT_BASE_URL, source?.describe("baseUrl") ?? "the default");
}

function clientFor(
  credentials: Credentials,
  baseUrl: URL,
  settings: ProcessSettings,
  limiter: RateLimiter | undefined,
): CloudflareClient {
  return createClient({
    baseUrl,
    credentials,
    dispatcher: createDispatcher(baseUrl),
    userAgent: `pulumi-cloudflare-ipsec-psk/${VERSION}`,
    now: Date.now,
    random: Math.random,
    sleep,
    backoffMs: settings.backoffMs,
    times: {
      connectMs: settings.connectTimeoutMs,
      headersMs: settings.headersTimeoutMs,
      bodyMs: settings.bodyTimeoutMs,
    },
    ...(limiter !== undefined && { limiter }),
  });
}
