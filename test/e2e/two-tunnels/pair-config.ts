import type { ConfigMap } from "@pulumi/pulumi/automation";

/** What the two tunnels of the example are called, in its resources and on the routers. */
export const NAMES = ["site-1", "site-2"] as const;
/** Cloudflare's anycast addresses, one a tunnel. */
export const ENDPOINTS = ["203.0.113.10", "203.0.113.11"] as const;
/** The hosts that `remote.Command` reaches. */
export const ROUTERS = ["router-1", "router-2"] as const;

/** The configuration that `examples/two-tunnels` asks for. */
export function pairConfig(
  cloudflare: { readonly url: string; readonly accountId: string; readonly apiToken: string },
  tunnelIds: readonly string[],
): ConfigMap {
  const tunnel = (name: string, index: number): ConfigMap => ({
    [`${name}.id`]: { value: tunnelIds[index] ?? "" },
    [`${name}.cloudflareEndpoint`]: { value: ENDPOINTS[index] ?? "" },
    [`${name}.router.host`]: { value: ROUTERS[index] ?? "" },
    [`${name}.router.hostKey`]: { value: "fake-host-key-for-tests-only" },
  });
  return {
    ...tunnel("first", 0),
    ...tunnel("second", 1),
    accountId: { value: cloudflare.accountId },
    sshKey: { value: "fake-ssh-key-for-tests-only", secret: true },
    "cloudflare:apiToken": { value: cloudflare.apiToken, secret: true },
    "cloudflare:baseUrl": { value: cloudflare.url },
  };
}

/** Rotates both keys, when it is another than before. */
export function quarter(value: string): ConfigMap {
  return { quarter: { value } };
}
