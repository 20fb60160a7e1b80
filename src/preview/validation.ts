import type { CallOptions, CloudflareClient } from "../cloudflare/client";
import { findListed, type IpsecTunnel } from "../cloudflare/shown-tunnels";
import { IpsecTunnelPskError, type IpsecTunnelPskErrorCode } from "../errors";
import type { Connection } from "../connection/connection";
import type { TunnelRef } from "../tunnel";
import type { Question } from "./question";
import { proveHarmless } from "./validate-only-probe";

/** What a preview asks Cloudflare; one for each program run and provider. */
export interface Validation {
  /** The account's tunnels, listed once. The list may lack some. */
  list(connection: Connection, accountId: string, options: CallOptions): Promise<readonly IpsecTunnel[]>;
  /**
   * Asks a question, after proof that asking it is harmless.
   *
   * @param tunnels - The list, and the tunnel itself unless Cloudflare says that there is no such tunnel.
   * @param maxValidations - Tunnels that are validated one by one; the others only have to exist.
   * @returns Whether this tunnel was validated, or only exists: because the maximum is reached, or because the account has no
   *   tunnel on which to prove that asking is harmless.
   */
  validate(
    connection: Connection,
    question: Question,
    tunnel: TunnelRef,
    context: {
      readonly tunnels: readonly IpsecTunnel[];
      readonly maxValidations: number;
      readonly options: CallOptions;
    },
  ): Promise<"validated" | "beyondMaximum" | "unproven">;
  /** Tells which other tunnels cannot be validated because of a failure. */
  reachOf(failure: object): Reach;
}

/** Which tunnels a failure concerns: the one, all of its account, or all with the same credentials. */
export type Reach = "tunnel" | "account" | "credentials";

// Whether `validate_only` of an endpoint is harmless is a question about a server: the result holds for all accounts, permanently.
const settled = new Map<string, Promise<unknown>>();

export function createValidation(): Validation {
  const attempts = new Map<string, Promise<unknown>>();
  const validated = new Set<string>();
  const reaches = new WeakMap<object, Reach>();

  function shared<T>(result: Promise<T>, reach: Reach): Promise<T> {
    result.catch((failure: unknown) => reaches.set(failure as object, reach));
    return result;
  }

  async function prove(
    { client, baseUrl }: Connection,
    question: Question,
    tunnel: TunnelRef,
    tunnels: readonly IpsecTunnel[],
    options: CallOptions,
  ): Promise<boolean> {
    const endpoint = `${question.kind} ${baseUrl}`;
    for (;;) {
      const known = settled.get(endpoint) ?? attempts.get(endpoint);
      if (known === undefined) break;
      if (await isProven(known)) return true;
    }
    const [first, ...others] = question.probesFor(tunnel, tunnels);
    if (first === undefined) return false;
    const attempt = shared(tryProbes(client, question, [first, ...others], tunnels, options), "credentials");
    attempts.set(endpoint, attempt);
    try {
      const id = await attempt;
      if (question.isSettledByProbe) validated.add(id);
      settled.set(endpoint, attempt);
      return true;
    } catch (error) {
      if (isHarm(error)) settled.set(endpoint, attempt);
      // Refused for one tunnel, it says nothing about the others: the next one makes an attempt of its own.
      if (isRefusal(error)) attempts.delete(endpoint);
      if (!question.isSettledByProbe && isAboutTunnel(error)) return false;
      throw error;
    }
  }

  return {
    list: async ({ lists }, accountId, options) =>
      (await shared(lists.list(accountId, "once", options), "account")).tunnels,

    async validate(connection, question, tunnel, { tunnels, maxValidations, options }) {
      const isProven = await prove(connection, question, tunnel, tunnels, options);
      const id = tunnel.ipsecTunnelId;
      if (validated.has(id)) return "validated";
      if (!isProven || validated.size >= maxValidations) {
        requireListed(question, tunnel, tunnels);
        return isProven ? "beyondMaximum" : "unproven";
      }
      validated.add(id);
      await question.ask(connection.client, tunnel, options);
      return "validated";
    },

    reachOf: (failure) => reaches.get(failure) ?? "tunnel",
  };
}

async function tryProbes(
  client: CloudflareClient,
  question: Question,
  [first, ...others]: readonly [TunnelRef, ...TunnelRef[]],
  tunnels: readonly IpsecTunnel[],
  options: CallOptions,
): Promise<string> {
  let attempt = proveHarmless(client, question, first, tunnels, options);
  for (const probe of others) {
    attempt = attempt.catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      return proveHarmless(client, question, probe, tunnels, options);
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

/** Tells whether a refusal may concern the tunnel of a probe alone. */
function isAboutTunnel(error: unknown): boolean {
  return error instanceof IpsecTunnelPskError && ["ERR_REFUSED", "ERR_TUNNEL_NOT_FOUND"].includes(error.code);
}

/**
 * Checks that a tunnel exists.
 *
 * @throws {IpsecTunnelPskError} `ERR_TUNNEL_NOT_FOUND`
 */
export function requireListed(
  { words }: Pick<Question, "words">,
  { accountId, ipsecTunnelId }: TunnelRef,
  tunnels: readonly IpsecTunnel[],
): void {
  if (findListed(tunnels, ipsecTunnelId) !== undefined) return;
  throw new IpsecTunnelPskError("ERR_TUNNEL_NOT_FOUND", {
    summary: `Cannot ${words.cannot} IPsec tunnel ${ipsecTunnelId} of account ${accountId}: the account has no such tunnel`,
    remedy: "Check ipsecTunnelId and that the tunnel belongs to this account; if it was deleted, create it first.",
  });
}
