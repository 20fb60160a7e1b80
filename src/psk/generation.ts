import { IpsecTunnelPskError } from "../errors";
import { dated, type DatedPsk } from "./clock-skew";
import { listOf, MAX_TRIES, unsuitable, unsuitedFor } from "./compatibility";
import type { Clock, Deadline } from "./deadline";
import type { Edge, Operation, TunnelRef } from "./edge";
import type { Inputs } from "./inputs";
import type { Patience } from "./patience";
import { verify } from "./verification";

/** A key that may be kept: in force, or at least not known not to be. */
export interface KeptPsk extends DatedPsk {
  readonly status: "inForce" | "unverified";
}

/** A key that is not what was asked for: another one is in force by now, or it does not suit its consumers. */
export type ReceivedPsk = DatedPsk &
  ({ readonly status: "superseded"; readonly supersededOn: string } | { readonly status: "unverified" });

/** A generation that came to no good end, and what is left behind. */
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

/**
 * Has a key generated that suits its consumers, and makes sure that it is the one in force.
 *
 * A lost answer means that the key has probably changed: wait for it to take effect, and generate again. A key that was
 * overwritten, by somebody else or by such a straggler, is generated again, too; and so is one that does not suit. Each a
 * bounded number of times.
 *
 * @throws {GenerationFailure}
 */
export async function generateAndVerify(
  edge: Pick<Edge, "generate" | "readAfter">,
  tunnel: TunnelRef & Pick<Inputs, "compatibleWith">,
  context: { operation: Operation; deadline: Deadline; clock: Pick<Clock, "now">; patience: Patience },
): Promise<KeptPsk> {
  const { operation, deadline, clock, patience } = context;
  let received: ReceivedPsk | undefined;
  let lost: IpsecTunnelPskError | undefined;
  // Generations that came to nothing: lost or overwritten. Those that did not suit count apart.
  let failures = 0;
  let unsuited = 0;

  for (;;) {
    let key: DatedPsk;
    try {
      if (failures + unsuited > 0) await operation.beforeLateSend();
      key = dated(await edge.generate(tunnel, operation), clock.now());
    } catch (error) {
      if (!(error instanceof IpsecTunnelPskError)) throw new GenerationFailure(unexpected(error), received, true);
      if (error.code !== "ERR_OUTCOME_UNKNOWN") throw new GenerationFailure(error, received, lost !== undefined);
      lost = error;
      failures += 1;
      if (failures >= patience.maxGenerations || !(await deadline.sleep(patience.stragglerWaitMs)))
        throw new GenerationFailure(error, received, true);
      operation.announce(`${error.details.what}; generating again, for only a new key can be known`);
      continue;
    }

    // Not verified: it is in force for a moment alone, and nobody sees it.
    const consumers = unsuitedFor(key.psk, tunnel.compatibleWith);
    if (consumers.length > 0) {
      received = { ...key, status: "unverified" };
      unsuited += 1;
      if (unsuited >= MAX_TRIES || deadline.leftMs() === 0)
        throw new GenerationFailure(unsuitable(tunnel, unsuited), received, lost !== undefined);
      operation.announce(
        `key ${unsuited} of at most ${MAX_TRIES} does not suit ${listOf(consumers)}; generating again`,
      );
      continue;
    }

    const verdict = await verify(edge, tunnel, key, context);
    switch (verdict.kind) {
      case "inForce":
        return { ...key, status: "inForce" };
      case "unverified": {
        operation.announce(`the key could not be verified: ${verdict.why}. The next refresh settles it`);
        const { lastGeneratedOn } = verdict;
        const known = lastGeneratedOn === undefined ? key : dated({ ...key, lastGeneratedOn }, clock.now());
        return { ...known, status: "unverified" };
      }
      case "overwritten":
        received = { ...key, status: "superseded", supersededOn: verdict.generatedOn };
        failures += 1;
        if (failures >= patience.maxGenerations || deadline.leftMs() === 0) {
          throw new GenerationFailure(overwritten(tunnel, failures, verdict.generatedOn), received, lost !== undefined);
        }
        operation.announce(`another key was generated at ${verdict.generatedOn}, after ours; generating again`);
    }
  }
}

// A fault of this package's own: where it struck is not known, so neither is what took effect.
function unexpected(error: unknown): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_OUTCOME_UNKNOWN", {
    what: `Cannot tell what became of the generation as something unexpected failed: ${error instanceof Error ? error.message : "no error"}`,
    remedy: "Run `pulumi up` again, and report this: it is a fault of pulumi-cloudflare-ipsec-psk.",
  });
}

function overwritten({ ipsecTunnelId }: TunnelRef, times: number, generatedOn: string): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_OVERWRITTEN", {
    what: `Cannot keep a key of IPsec tunnel ${ipsecTunnelId} as somebody else keeps generating keys for it: ${times} of ours were overwritten, the last at ${generatedOn}`,
    remedy:
      "Find out who else generates keys for this tunnel (another stack, a script, the dashboard), then run `pulumi up` again.",
  });
}
