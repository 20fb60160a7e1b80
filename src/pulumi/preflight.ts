import type { CallOptions, CloudflareClient } from "../cloudflare/client";
import { listIpsecTunnels, validatePskGeneration } from "../cloudflare/ipsec-tunnels";
import { type ErrorCode, IpsecTunnelPskError } from "../errors";
import type { Inputs } from "../psk/inputs";
import { reasonText } from "../psk/reason-text";
import { planRotation, type Reason } from "../psk/rotation";
import type { StoredState } from "../psk/state";
import { hasUnknown } from "../psk/unknown";

/** A resource that the engine plans to create, update or replace. */
export interface PlannedResource {
  readonly inputs: Inputs;
  /** `undefined` for a resource that is created, also in place of another. */
  readonly state: StoredState | undefined;
  readonly secretTriggers: (trigger: string) => boolean;
}

/** Where a preview speaks: under the resource. */
export interface PreviewLog {
  info(text: string): Promise<void>;
  warn(text: string): Promise<void>;
}

export type Preflight = (planned: PlannedResource, log: PreviewLog) => Promise<void>;

// 10 s in all, with one try: a preview never waits for Cloudflare to unblock us.
const DEADLINE = { maxTries: 1, times: { connectMs: 3_000, headersMs: 5_000, bodyMs: 2_000 } };

// Says nothing about whether the generation would be accepted, so it must not fail a preview.
const INCONCLUSIVE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "ERR_UNREACHABLE",
  "ERR_NO_ANSWER",
  "ERR_UNAVAILABLE",
  "ERR_RATE_LIMITED",
  "ERR_MALFORMED_ANSWER",
]);

/**
 * Makes what a preview does for each planned resource: it says why a key will be generated, and asks Cloudflare whether
 * it would be accepted. A definite refusal is thrown; what leaves the question open is a warning.
 */
export function createPreflight({ connect }: { readonly connect: () => CloudflareClient | undefined }): Preflight {
  const listed = new Map<string, Promise<unknown>>();

  return async ({ inputs, state, secretTriggers }, log) => {
    const reasons = reasonsFor(inputs, state);
    if (reasons.length === 0) return;
    const will = reasons.every(({ kind }) => kind === "triggerUnknown") ? "may" : "will";
    const why = reasons.map((reason) => reasonText(reason, secretTriggers)).join("; ");
    const summary = `A new key ${will} be generated, in force at once: ${why}.`;

    const verdict = inputs.preflight === false ? "Not validated: preflight is false." : await ask(inputs, log);
    await log.info(`${summary}\n${verdict}\nThe router keeps its old key until it is given the new one.`);
  };

  async function ask(inputs: Inputs, log: PreviewLog): Promise<string> {
    if (hasUnknown(inputs.accountId)) return "Not validated: accountId is known only after up.";
    try {
      const client = connect();
      if (client === undefined) {
        await log.warn("Not validated: no Cloudflare credentials are set where the program runs.");
        return "Not validated.";
      }
      return await askWith(client, inputs, { ...DEADLINE, announce: (line) => void log.warn(line) });
    } catch (error) {
      if (!(error instanceof IpsecTunnelPskError) || !INCONCLUSIVE.has(error.code)) throw error;
      await log.warn(`Not validated.\n${error.message}`);
      return "Not validated.";
    }
  }

  async function askWith(client: CloudflareClient, inputs: Inputs, options: CallOptions): Promise<string> {
    const { accountId } = inputs;
    if (!hasUnknown(inputs.ipsecTunnelId)) {
      await validatePskGeneration(client, inputs, options);
      return "Cloudflare would accept it (validate_only: nothing was persisted).";
    }
    // The tunnel is made in the same `up`: what can be checked is that this credential reaches this account's tunnels.
    const list = listed.get(accountId) ?? listIpsecTunnels(client, accountId, options);
    listed.set(accountId, list);
    await list;
    return "Not validated: the tunnel is known only after up; account and credentials are good.";
  }
}

function reasonsFor(inputs: Inputs, state: StoredState | undefined): readonly Reason[] {
  if (state === undefined) return [{ kind: "noKey", ipsecTunnelId: inputs.ipsecTunnelId }];
  const plan = planRotation(state, inputs);
  return plan.kind === "generate" ? plan.reasons : [];
}
