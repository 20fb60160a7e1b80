import type { ConnectionSetting } from "../cloudflare/credentials";

/** The key under which the configuration of an explicit provider says that it is one, and which. */
export const PROVIDER_NAME_KEY = "cloudflare-ipsec-psk:provider";

export const CONNECTION_SETTINGS = ["apiToken", "apiKey", "email", "baseUrl"] as const satisfies ConnectionSetting[];

/** The key of a connection setting in the stack's configuration. */
export function configKey(name: ConnectionSetting): string {
  return `cloudflare:${name}`;
}
