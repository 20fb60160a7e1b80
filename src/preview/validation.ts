import type { CallOptions, CloudflareClient } from "../cloudflare/client";
import { findListed, type IpsecTunnel, listIpsecTunnels, validatePskGeneration } from "../cloudflare/ipsec-tunnels";
import { IpsecTunnelPskError, type IpsecTunnelPskErrorCode } from "../errors";
import type { Connection } from "../provider/connection";
import type { TunnelRef } from "../tunnel";
import { probesFor, proveHarmless } from "./validate-only-probe";

/** What a preview asks Cloudflare; one for each program run and provider. */
export interface Validation {
  /** The account's tunnels, listed once. The list may lack some. */
  list(connection: Connection, accountId: string, options: CallOptions): Promise<readonly IpsecTunnel[]>;
  /**
   * Asks whether a generation would be accepted, after proof that asking is harmless.
   *
   * @param tunnels - The list, and the tunnel itself unless Cloudflare says that there is no such tunnel.
   * @param maxValidations - Tunnels that are validated one by one; the others only have to exist.
   * @returns Whether this tunnel was validated; `false` beyond the maximum.
   */
  validate(
    connection: Connection,
    tunnel: TunnelRef,
    context: {
      readonly tunnels: readonly IpsecTunnel[];
      readonly maxValidations: number;
      readonly options: CallOptions;
    },
  ): Promise<boolean>;
  /** Tells which other tunnels cannot be validated because of a failure. */
  reachOf(failure: object): Reach;
}

/** Which tunnels a failure concerns: the one, all of its account, or all with the same credentials. */
export type Reach = "tunnel" | "account" | "credentials";

// Whether `validate_only` is harmless is a question about a server: the result holds for all accounts, permanently.
const settled = new Map<string, Promise<unknown>>();

export function createValidation(): Validation {
  const lists = new Map<string, Promise<readonly IpsecTunnel[]>>();
  const attempts = new Map<string, Promise<unknown>>();
  const validated = new Set<string>();
  const reaches = new WeakMap<object, Reach>();

  function shared<T>(result: Promise<T>, reach: Reach): Promise<T> {
    result.catch((failure: unknown) => reaches.set(failure as object, reach));
    return result;
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
      // Refused for one tunnel, it says nothing about the others: the next one makes an attempt of its own.
      if (isRefusal(error)) attempts.delete(baseUrl);
      throw error;
    }
  }

  return {
    list({ client }, accountId, options) {
      const key = accountId.toLowerCase();
      const tunnels = lists.get(key) ?? shared(listIpsecTunnels(client, accountId, options), "account");
      lists.set(key, tunnels);
      return tunnels;
    },

    async validate(connection, tunnel, { tunnels, maxValidations, options }) {
      await prove(connection, tunnel, tunnels, options);
      const id = tunnel.ipsecTunnelId.toLowerCase();
      if (validated.has(id)) return true;
      if (validated.size >= maxValidations) {
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

/** Waits for the attempt of another resource: `false` if it was refused for its tunnel, which says nothing about ours. */
async function isProven(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

const INCONCLUSIVE: ReadonlySet<IpsecTunnelPskErrorCode> = new Set<IpsecTunnelPskErrorCode>([
  "ERR_UNREACHABLE",
  "ERR_NO_RESPONSE",
  "ERR_UNAVAILABLE",
  "ERR_RATE_LIMITED",
  "ERR_MALFORMED_RESPONSE",
]);

/** Tells whether a failure leaves open what Cloudflare would say to a generation, so that it must not fail a preview. */
export function isInconclusive(error: unknown): error is IpsecTunnelPskError {
  return error instanceof IpsecTunnelPskError && INCONCLUSIVE.has(error.code);
}

function isHarm(error: unknown): boolean {
  return error instanceof IpsecTunnelPskError && error.code === "ERR_VALIDATION_PERSISTS";
}

function isRefusal(error: unknown): boolean {
  return error instanceof IpsecTunnelPskError && !isHarm(error) && !isInconclusive(error);
}

function notFound({ accountId, ipsecTunnelId }: TunnelRef): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_TUNNEL_NOT_FOUND", {
    summary: `Cannot generate a key for IPsec tunnel ${ipsecTunnelId} of account ${accountId}: the account has no such tunnel`,
    remedy: "Check ipsecTunnelId and that the tunnel belongs to this account; if it was deleted, create it first.",
  });
}
