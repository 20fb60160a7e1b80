import type { CallOptions, CloudflareClient } from "../../cloudflare/client";
import {
  findListed,
  type IpsecTunnel,
  listIpsecTunnels,
  type TunnelRef,
  validatePskGeneration,
} from "../../cloudflare/ipsec-tunnels";
import { IpsecTunnelPskError } from "../../errors";
import type { Connection } from "../connection";
import { probesFor, proveHarmless } from "./harmless";
import { isInconclusive } from "./inconclusive";

/** What a preview asks Cloudflare; one for each program run and provider. */
export interface Validation {
  /** The account's tunnels, listed once. The list may lack some. */
  list(connection: Connection, accountId: string, options: CallOptions): Promise<readonly IpsecTunnel[]>;
  /**
   * Asks whether a generation would be accepted, after proof that asking is harmless.
   *
   * @param tunnels - The list, and the tunnel itself unless Cloudflare says that there is no such tunnel.
   * @param budget - Tunnels that are validated one by one; the others only have to exist.
   * @returns Whether this tunnel was validated; `false` beyond the budget.
   */
  validate(
    connection: Connection,
    tunnel: TunnelRef,
    context: { readonly tunnels: readonly IpsecTunnel[]; readonly budget: number; readonly options: CallOptions },
  ): Promise<boolean>;
  /** Whom else a failure keeps from being validated: nobody, the account's other tunnels, or whatever comes after it. */
  reachOf(failure: object): Reach;
}

export type Reach = "tunnel" | "account" | "credentials";

// Whether `validate_only` is harmless is a question about a server: the answer holds for all accounts, and for good.
const settled = new Map<string, Promise<unknown>>();

export function createValidation(): Validation {
  const lists = new Map<string, Promise<readonly IpsecTunnel[]>>();
  const attempts = new Map<string, Promise<unknown>>();
  const validated = new Set<string>();
  const reaches = new WeakMap<object, Reach>();

  function shared<T>(answer: Promise<T>, reach: Reach): Promise<T> {
    answer.catch((failure: unknown) => reaches.set(failure as object, reach));
    return answer;
  }

  async function prove(
    { client, baseUrl }: Connection,
    tunnel: TunnelRef,
    tunnels: readonly IpsecTunnel[],
    options: CallOptions,
  ): Promise<void> {
    for (;;) {
      const known = settled.get(baseUrl) ?? attempts.get(baseUrl);
      if (known === undefined) break;
      if (await isProven(known)) return;
    }
    const attempt = shared(tryProbes(client, tunnel, tunnels, options), "credentials");
    attempts.set(baseUrl, attempt);
    try {
      validated.add(await attempt);
      settled.set(baseUrl, attempt);
    } catch (error) {
      if (isHarm(error)) settled.set(baseUrl, attempt);
      // Refused for one tunnel, it says nothing about the others: whoever is next makes an attempt of its own.
      if (isRefusal(error)) attempts.delete(baseUrl);
      throw error;
    }
  }

  return {
    list({ client }, accountId, options) {
      const key = accountId.toLowerCase();
      const answer = lists.get(key) ?? shared(listIpsecTunnels(client, accountId, options), "account");
      lists.set(key, answer);
      return answer;
    },

    async validate(connection, tunnel, { tunnels, budget, options }) {
      await prove(connection, tunnel, tunnels, options);
      const id = tunnel.ipsecTunnelId.toLowerCase();
      if (validated.has(id)) return true;
      if (validated.size >= budget) {
        if (findListed(tunnels, id) === undefined) throw notFound(tunnel);
        return false;
      }
      validated.add(id);
      await validatePskGeneration(connection.client, tunnel, options);
      return true;
    },

    reachOf: (failure) => reaches.get(failure) ?? "tunnel",
  };
}

async function tryProbes(
  client: CloudflareClient,
  tunnel: TunnelRef,
  tunnels: readonly IpsecTunnel[],
  options: CallOptions,
): Promise<string> {
  const [first, ...others] = probesFor(tunnel, tunnels);
  let attempt = proveHarmless(client, first, tunnels, options);
  for (const probe of others) {
    attempt = attempt.catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      return proveHarmless(client, probe, tunnels, options);
    });
  }
  return attempt;
}

/** Waits for somebody else's attempt: `false` if it was refused for their tunnel, which says nothing about ours. */
async function isProven(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

function isHarm(error: unknown): boolean {
  return error instanceof IpsecTunnelPskError && error.code === "ERR_VALIDATION_PERSISTS";
}

function isRefusal(error: unknown): boolean {
  return error instanceof IpsecTunnelPskError && !isHarm(error) && !isInconclusive(error);
}

function notFound({ accountId, ipsecTunnelId }: TunnelRef): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_TUNNEL_NOT_FOUND", {
    what: `Cannot generate a key for IPsec tunnel ${ipsecTunnelId} of account ${accountId} as the account has no such tunnel`,
    remedy: "Check ipsecTunnelId and that the tunnel belongs to this account; if it was deleted, create it first.",
  });
}
