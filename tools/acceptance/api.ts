/** One answer of Cloudflare's API, raw: what is established about it is what this is here to find out. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly result: Record<string, unknown>;
  readonly success: boolean;
}

/** Calls below one tunnel of one account: `""`, `"/psk_generate"`. */
export type TunnelApi = (method: "GET" | "POST" | "PUT", suffix: string, body?: object) => Promise<RawAnswer>;

export interface Target {
  readonly baseUrl: string;
  readonly apiToken: string;
  readonly accountId: string;
  readonly ipsecTunnelId: string;
}

export function tunnelApi({ baseUrl, apiToken, accountId, ipsecTunnelId }: Target): TunnelApi {
  return async (method, suffix, body) => {
    const answer = await fetch(`${baseUrl}/accounts/${accountId}/magic/ipsec_tunnels/${ipsecTunnelId}${suffix}`, {
      method,
      headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const envelope = (await answer.json().catch(() => ({}))) as { result?: unknown; success?: unknown };
    return {
      status: answer.status,
      headers: answer.headers,
      result: (envelope.result ?? {}) as Record<string, unknown>,
      success: envelope.success === true,
    };
  };
}
