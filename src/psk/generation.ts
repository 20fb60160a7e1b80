import type { CloudVpn } from "../cloud-vpns";
import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import type { GeneratedPsk, Operation, TunnelRef } from "../tunnel";
import { incompatibleWith, listOf, MAX_INCOMPATIBLE_KEYS, noneCompatible } from "./compatibility";
import type { Clock, Deadline } from "./deadline";
import type { Inputs } from "./inputs";
import { isUndated, type KeySource, keySourceOf, type MarkedPsk } from "./key-source";
import type { Limits } from "./limits";
import { latest } from "./timestamp";
import { timeIn, type TunnelApi } from "./tunnel-api";
import { verify } from "./verification";

/** A key that may be kept: active, or at least not known to be anything else. */
export type KeptPsk = MarkedPsk & { readonly status: "active" | "unverified" };

/** A key that is not what was asked for: another one is active by now, or it is not compatible. */
export type ReceivedPsk = MarkedPsk &
  ({ readonly status: "superseded"; readonly supersededOn: string } | { readonly status: "unverified" });

/** A new key that was not reached, and what the attempts left behind. */
export class GenerationFailure extends Error {
  constructor(
    /** Why it ended. */
    override readonly cause: IpsecTunnelPskError,
    /** The last key that was received, and what is known of it. */
    readonly received: ReceivedPsk | undefined,
    /** Whether a request may have taken effect whose key was never received. */
    readonly lost: boolean,
  ) {
    super(cause.message);
  }
}

interface Context {
  readonly operation: Operation;
  readonly deadline: Deadline;
  readonly clock: Pick<Clock, "now">;
  readonly limits: Limits;
}

type Target = TunnelRef & Pick<Inputs, "compatibleWith" | "psk">;

type Tunnels = Pick<TunnelApi, "generate" | "set" | "readAfter">;

/**
 * Gives a tunnel a new key, generated or set, that is compatible with its consumers, and verifies that it is the active one.
 *
 * A lost response means that the key has probably changed: this waits for the late request to take effect, and generates or
 * sets again. It does so too if the key was overwritten, by someone else or by such a late request, and generates again if
 * it is not compatible. Each happens a limited number of times.
 *
 * @param shownBefore - The newest timestamp of the tunnel that is known.
 * @throws {GenerationFailure}
 */
export async function generateAndVerify(
  tunnels: Tunnels,
  target: Target,
  context: Context,
  shownBefore?: string,
): Promise<KeptPsk> {
  const { operation, deadline, limits } = context;
  const source = keySourceOf(target);
  let shown = source.datesKey ? shownBefore : latest(shownBefore, await shownNow(tunnels, target, operation));
  let received: ReceivedPsk | undefined;
  let lost: IpsecTunnelPskError | undefined;
  // Generations whose key was lost or overwritten. Incompatible keys count separately.
  let failures = 0;
  let incompatible = 0;

  for (;;) {
    const isLate = failures + incompatible > 0 || !source.datesKey;
    const outcome = await attempt(tunnels, source, target, context, { isLate, shown });
    switch (outcome.kind) {
      case "kept":
        return outcome.key;

      case "failed":
        throw new GenerationFailure(
          lost === undefined ? outcome.error : failedAfterLoss(lost, outcome.error),
          received,
          lost !== undefined || outcome.mayHaveTakenEffect,
        );

      case "lost":
        // Even a late request that sets the same key would look like a rotation by someone else.
        lost = outcome.error;
        failures += 1;
        if (failures >= limits.maxGenerations || !(await deadline.sleep(limits.lostResponseWaitMs)))
          throw new GenerationFailure(outcome.error, received, true);
        operation.announce(`${outcome.error.details.summary}; ${source.afterLoss}`);
        break;

      case "incompatible":
        // Not verified: it is active for a moment only, and nothing else sees it.
        received = { ...outcome.key, status: "unverified" };
        incompatible += 1;
        if (incompatible >= MAX_INCOMPATIBLE_KEYS || deadline.leftMs() === 0)
          throw new GenerationFailure(noneCompatible(target, incompatible), received, lost !== undefined);
        operation.announce(
          `key ${incompatible} of at most ${MAX_INCOMPATIBLE_KEYS} is not compatible with ${listOf(outcome.consumers)}; generating another one`,
        );
        break;

      case "overwritten":
        received = { ...outcome.key, status: "superseded", supersededOn: outcome.generatedOn };
        shown = latest(shown, outcome.generatedOn);
        failures += 1;
        if (failures >= limits.maxGenerations || deadline.leftMs() === 0)
          throw new GenerationFailure(overwritten(target, failures, outcome.generatedOn), received, lost !== undefined);
        operation.announce(
          `another key was generated at ${outcome.generatedOn}, after this run's key; ${source.afterOverwriting}`,
        );
    }
  }
}

type Outcome =
  | { readonly kind: "kept"; readonly key: KeptPsk }
  | { readonly kind: "failed"; readonly error: IpsecTunnelPskError; readonly mayHaveTakenEffect: boolean }
  | { readonly kind: "lost"; readonly error: IpsecTunnelPskError }
  | { readonly kind: "incompatible"; readonly key: MarkedPsk; readonly consumers: readonly CloudVpn[] }
  | { readonly kind: "overwritten"; readonly key: MarkedPsk; readonly generatedOn: string };

/** Reads what the tunnel shows before a request whose response may show the same. */
async function shownNow(tunnels: Tunnels, target: Target, operation: Operation): Promise<string | undefined> {
  try {
    return timeIn(await tunnels.readAfter(target, operation));
  } catch (error) {
    throw new GenerationFailure(error instanceof IpsecTunnelPskError ? error : unexpected(error), undefined, false);
  }
}

/** Sends one request, and verifies the key. */
async function attempt(
  tunnels: Tunnels,
  source: KeySource,
  target: Target,
  context: Context,
  { isLate, shown }: { readonly isLate: boolean; readonly shown: string | undefined },
): Promise<Outcome> {
  const { operation, clock } = context;
  let response: GeneratedPsk;
  try {
    if (isLate) await operation.beforeLateSend();
    response = await source.send(tunnels, target, operation);
  } catch (error) {
    if (!(error instanceof IpsecTunnelPskError))
      return { kind: "failed", error: unexpected(error), mayHaveTakenEffect: true };
    if (error.code !== "ERR_OUTCOME_UNKNOWN") return { kind: "failed", error, mayHaveTakenEffect: false };
    return { kind: "lost", error };
  }

  const receivedMs = clock.now();
  const key = source.mark(response, shown, receivedMs);
  const consumers = incompatibleWith(key.psk, target.compatibleWith);
  if (consumers.length > 0) return { kind: "incompatible", key, consumers };

  // Without a timestamp in the response, the first read dates the key.
  const verdict = await verify(tunnels, target, response.lastGeneratedOn === undefined ? {} : key, context);
  switch (verdict.kind) {
    case "active":
      return { kind: "kept", key: { ...key, status: "active" } };
    case "overwritten":
      return { kind: "overwritten", key, generatedOn: verdict.generatedOn };
    case "unverified": {
      const { why, lastGeneratedOn } = verdict;
      const known = source.mark({ ...response, ...given({ lastGeneratedOn }) }, shown, receivedMs);
      const outlook = isUndated(known) ? "No refresh can verify it" : "The next refresh verifies it";
      operation.announce(`the key could not be verified: ${why}. ${outlook}`);
      return { kind: "kept", key: { ...known, status: "unverified" } };
    }
  }
}

// The later error alone would say that nothing was sent.
function failedAfterLoss(lost: IpsecTunnelPskError, later: IpsecTunnelPskError): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_OUTCOME_UNKNOWN", {
    summary: `${lost.details.summary}. The next attempt failed: ${later.details.summary}`,
    remedy: `${later.nextStep === "fix" ? `Fix the cause of the failed attempt (${later.code}). ` : ""}${lost.details.remedy}`,
    nextStep: later.nextStep,
    ...given({ cloudflare: later.details.cloudflare }),
  });
}

// A defect of this package: it is unknown what took effect before it.
function unexpected(error: unknown): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_OUTCOME_UNKNOWN", {
    summary: `Cannot tell whether a key was generated: something unexpected failed (${error instanceof Error ? error.message : "not an error"})`,
    remedy: "Run `pulumi up` again, and report this: it is a defect of pulumi-cloudflare-ipsec-psk.",
    nextStep: "report",
  });
}

function overwritten({ ipsecTunnelId }: TunnelRef, times: number, generatedOn: string): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_OVERWRITTEN", {
    summary: `Cannot keep a key of IPsec tunnel ${ipsecTunnelId}: another key was generated at ${generatedOn}, after this run's key, in the last of ${times} attempts`,
    remedy:
      "Find out what else generates keys for this tunnel (another stack, a script, the dashboard), then run `pulumi up` again.",
  });
}
