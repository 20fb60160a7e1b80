/** One response of Cloudflare's API, without any check, because its form is what acceptance finds out. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly result: Record<string, unknown>;
  readonly success: boolean;
}

/** Calls a path below one tunnel of one account: `""`, `"/psk_generate"`. */
export type CallTunnel = (method: "GET" | "POST" | "PUT", suffix: string, body?: object) => Promise<RawResponse>;

/** The tunnel to test, and the credentials for it. */
export interface Target {
  readonly baseUrl: string;
  readonly apiToken: string;
  readonly accountId: string;
  readonly ipsecTunnelId: string;
}

/** Creates a function that calls the API of one tunnel. */
export function callerOf({ baseUrl, apiToken, accountId, ipsecTunnelId }: Target): CallTunnel {
  return async (method, suffix, body) => {
    const response = await fetch(`${baseUrl}/accounts/${accountId}/magic/ipsec_tunnels/${ipsecTunnelId}${suffix}`, {
      method,
      headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new Error(`Cannot call ${baseUrl}: ${reasonOf(error)}`);
    });
    const envelope = (await response.json().catch(() => ({}))) as { result?: unknown; success?: unknown };
    return {
      status: response.status,
      headers: response.headers,
      result: (envelope.result ?? {}) as Record<string, unknown>,
      success: envelope.success === true,
    };
  };
}

/** Returns only the code of a network failure, because the messages of `fetch` quote headers that it cannot send. */
function reasonOf(error: unknown): string {
  const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  return code ?? "the request cannot be sent; check the token and CLOUDFLARE_BASE_URL";
}
