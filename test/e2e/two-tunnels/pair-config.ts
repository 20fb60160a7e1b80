import type { Config } from "../../support/engine";

/** What the two tunnels of the example are called, in its resources and on the routers. */
export const NAMES = ["site-1", "site-2"] as const;
/** Cloudflare's anycast addresses, one a tunnel. */
export const ENDPOINTS = ["203.0.113.10", "203.0.113.11"] as const;
/** The hosts that `remote.Command` reaches. */
export const ROUTERS = ["router-1", "router-2"] as const;

/** Returns the configuration that `examples/two-tunnels` requires. */
export function pairConfig(
  cloudflare: { readonly url: string; readonly accountId: string; readonly apiToken: string },
  tunnelIds: readonly string[],
): Config {
  const tunnel = (name: string, index: number): Config => ({
    [`${name}.id`]: tunnelIds[index] ?? "",
    [`${name}.cloudflareEndpoint`]: ENDPOINTS[index] ?? "",
    [`${name}.router.host`]: ROUTERS[index] ?? "",
    [`${name}.router.hostKey`]: "fake-host-key-for-tests-only",
  });
  return {
    ...tunnel("first", 0),
    ...tunnel("second", 1),
    accountId: cloudflare.accountId,
    sshKey: { value: "fake-ssh-key-for-tests-only", secret: true },
    "cloudflare:apiToken": { value: cloudflare.apiToken, secret: true },
    "cloudflare:baseUrl": cloudflare.url,
  };
}

/** Returns the configuration that rotates both keys, if the value is new. */
export function quarter(value: string): Config {
  return { quarter: value };
}
