import type { CloudVpn } from "../cloud-vpns";
import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import type { Operation, TunnelRef } from "../tunnel";
import { dated, type DatedPsk } from "./clock-skew";
import { incompatibleWith, listOf, MAX_ATTEMPTS, noneCompatible } from "./compatibility";
import type { Clock, Deadline } from "./deadline";
import type { Inputs } from "./inputs";
import type { Limits } from "./limits";
import type { TunnelApi } from "./tunnel-api";
import { verify } from "./verification";

/** A key that may be kept: active, or at least not known to be anything else. */
export type KeptPsk = DatedPsk & { readonly status: "active" | "unverified" };

/** A key that is not what was asked for: another one is active by now, or it is not compatible. */
export type ReceivedPsk = DatedPsk &
  ({ readonly status: "superseded"; readonly supersededOn: string } | { readonly status: "unverified" });

/** A generation that failed, and what it left behind. */
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

type Target = TunnelRef & Pick<Inputs, "compatibleWith">;

/**
 * Generates a key that is compatible with its consumers, and verifies that it is the active one.
 *
 * A lost response means that the key has probably changed: this waits for the late request to take effect, and generates
 * again. It also generates again if the key was overwritten, by someone else or by such a late request, and if it is
 * not compatible. Each happens a limited number of times.
 *
 * @throws {GenerationFailure}
 */
export async function generateAndVerify(
  tunnels: Pick<TunnelApi, "generate" | "readAfter">,
  target: Target,
  context: Context,
): Promise<KeptPsk> {
  const { operation, deadline, limits } = context;
  let received: ReceivedPsk | undefined;
  let lost: IpsecTunnelPskError | undefined;
  // Generations whose key was lost or overwritten. Incompatible keys count separately.
  let failures = 0;
  let incompatible = 0;

  for (;;) {
    const outcome = await attempt(tunnels, target, context, failures + incompatible > 0);
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
        lost = outcome.error;
        failures += 1;
        if (failures >= limits.maxGenerations || !(await deadline.sleep(limits.lostResponseWaitMs)))
          throw new GenerationFailure(outcome.error, received, true);
        operation.announce(
          `${outcome.error.details.summary}; generating a new key, because the lost one cannot be recovered`,
        );
        break;

      case "incompatible":
        // Not verified: it is active for a moment only, and nothing else sees it.
        received = { ...outcome.key, status: "unverified" };
        incompatible += 1;
        if (incompatible >= MAX_ATTEMPTS || deadline.leftMs() === 0)
          throw new GenerationFailure(noneCompatible(target, incompatible), received, lost !== undefined);
        operation.announce(
          `key ${incompatible} of at most ${MAX_ATTEMPTS} is not compatible with ${listOf(outcome.consumers)}; generating another one`,
        );
        break;

      case "overwritten":
        received = { ...outcome.key, status: "superseded", supersededOn: outcome.generatedOn };
        failures += 1;
        if (failures >= limits.maxGenerations || deadline.leftMs() === 0)
          throw new GenerationFailure(overwritten(target, failures, outcome.generatedOn), received, lost !== undefined);
        operation.announce(`another key was generated at ${outcome.generatedOn}, after ours; generating another one`);
    }
  }
}

type Outcome =
  | { readonly kind: "kept"; readonly key: KeptPsk }
  | { readonly kind: "failed"; readonly error: IpsecTunnelPskError; readonly mayHaveTakenEffect: boolean }
  | { readonly kind: "lost"; readonly error: IpsecTunnelPskError }
  | { readonly kind: "incompatible"; readonly key: DatedPsk; readonly consumers: readonly CloudVpn[] }
  | { readonly kind: "overwritten"; readonly key: DatedPsk; readonly generatedOn: string };

/** Generates one key, and verifies it. */
async function attempt(
  tunnels: Pick<TunnelApi, "generate" | "readAfter">,
  target: Target,
  context: Context,
  isRepeat: boolean,
): Promise<Outcome> {
  const { operation, clock } = context;
  let key: DatedPsk;
  try {
    if (isRepeat) await operation.beforeLateSend();
    key = dated(await tunnels.generate(target, operation), clock.now());
  } catch (error) {
    if (!(error instanceof IpsecTunnelPskError))
      return { kind: "failed", error: unexpected(error), mayHaveTakenEffect: true };
    if (error.code !== "ERR_OUTCOME_UNKNOWN") return { kind: "failed", error, mayHaveTakenEffect: false };
    return { kind: "lost", error };
  }

  const consumers = incompatibleWith(key.psk, target.compatibleWith);
  if (consumers.length > 0) return { kind: "incompatible", key, consumers };

  const verdict = await verify(tunnels, target, key, context);
  switch (verdict.kind) {
    case "active":
      return { kind: "kept", key: { ...key, status: "active" } };
    case "overwritten":
      return { kind: "overwritten", key, generatedOn: verdict.generatedOn };
    case "unverified": {
      operation.announce(`the key could not be verified: ${verdict.why}. The next refresh verifies it`);
      const { lastGeneratedOn } = verdict;
      const known = lastGeneratedOn === undefined ? key : dated({ ...key, lastGeneratedOn }, clock.now());
      return { kind: "kept", key: { ...known, status: "unverified" } };
    }
  }
}

// The later error alone would say that nothing was sent.
function failedAfterLoss(lost: IpsecTunnelPskError, later: IpsecTunnelPskError): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_OUTCOME_UNKNOWN", {
    summary: `${lost.details.summary}. The next attempt failed: ${later.details.summary}`,
    remedy: `${later.next === "fix" ? `Fix the cause of the failed attempt (${later.code}). ` : ""}${lost.details.remedy}`,
    next: later.next,
    ...given({ cloudflare: later.details.cloudflare }),
  });
}

// A defect of this package: it is unknown what took effect before it.
function unexpected(error: unknown): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_OUTCOME_UNKNOWN", {
    summary: `Cannot tell whether a key was generated: something unexpected failed (${error instanceof Error ? error.message : "not an error"})`,
    remedy: "Run `pulumi up` again, and report this: it is a defect of pulumi-cloudflare-ipsec-psk.",
    next: "report",
  });
}

function overwritten({ ipsecTunnelId }: TunnelRef, times: number, generatedOn: string): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_OVERWRITTEN", {
    summary: `Cannot keep a key of IPsec tunnel ${ipsecTunnelId}: another key was generated at ${generatedOn}, after ours, in the last of ${times} attempts`,
    remedy:
      "Find out what else generates keys for this tunnel (another stack, a script, the dashboard), then run `pulumi up` again.",
  });
}
