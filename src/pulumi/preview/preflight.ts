import type { CallOptions } from "../../cloudflare/client";
import { completeList, findIpsecTunnel, findListed, type IpsecTunnel } from "../../cloudflare/ipsec-tunnels";
import { IpsecTunnelPskError } from "../../errors";
import { adoptionProblem } from "../../psk/adoption";
import { externalRotation } from "../../psk/external-rotation";
import type { Inputs } from "../../psk/inputs";
import type { Secrecy } from "../../psk/reason-text";
import { type Plan, planRotation } from "../../psk/rotation";
import type { StoredState } from "../../psk/state";
import { hasUnknown } from "../../psk/unknown";
import type { Connection } from "../connection";
import { noCredentials } from "../no-credentials";
import type { ProcessSettings } from "../settings";
import { isInconclusive } from "./inconclusive";
import { liveKeyText, notValidatedText, planText } from "./preview-text";
import { createValidation } from "./validation";

/** A resource that the engine plans to create, update or replace. */
export interface PlannedResource {
  readonly inputs: Inputs;
  /** `undefined` for a resource that is created, also in place of another. */
  readonly state: StoredState | undefined;
  readonly isSecret: Secrecy;
}

/** Where a preview speaks: under the resource. */
export interface PreviewLog {
  readonly info: (text: string) => void;
  readonly warn: (text: string) => void;
}

export type Preflight = (planned: PlannedResource, log: PreviewLog) => Promise<void>;

export interface PreflightOptions {
  /** `undefined`: no credentials are set. `"unknown"`: they are known only after `up`. */
  readonly connect: () => Promise<Connection | "unknown" | undefined>;
  readonly settings: () => Promise<Pick<ProcessSettings, "previewBudget" | "previewDeadlineMs">>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const NO_CREDENTIALS =
  "Not validated: no Cloudflare credentials are set where the program runs, and without them up fails. " +
  noCredentials().details.remedy;

/**
 * Makes what a preview does for each planned resource: it says what will happen and why, and asks Cloudflare whether it
 * would be accepted. A definite refusal is thrown; what leaves the question open is a warning.
 */
export function createPreflight({ connect, settings, now }: PreflightOptions): Preflight {
  const validation = createValidation();
  const warnings = new Set<string>();

  // With hundreds of tunnels, one warning is read and hundreds are not.
  function warnOnce(text: string, log: PreviewLog): void {
    if (!warnings.has(text)) log.warn(text);
    warnings.add(text);
  }

  async function ask({ inputs, state }: PlannedResource, plan: Plan, log: PreviewLog): Promise<string> {
    if (hasUnknown(inputs.accountId)) return "Not validated: accountId is known only after up.";
    const connection = await connect();
    if (connection === "unknown") return "Not validated: the provider's credentials are known only after up.";
    if (connection === undefined) {
      warnOnce(NO_CREDENTIALS, log);
      return "Not validated.";
    }

    const { previewBudget: budget, previewDeadlineMs: ms } = await settings();
    const options: CallOptions = {
      // A preview never waits for Cloudflare to unblock us, nor keeps the program alive for an answer that comes too late.
      maxTries: 1,
      times: { connectMs: ms, headersMs: ms, bodyMs: ms },
      announce: log.warn,
    };
    const listed = await validation.list(connection, inputs.accountId, options);
    if (hasUnknown(inputs.ipsecTunnelId)) {
      return "Not validated: the tunnel is known only after up; account and credentials are good.";
    }
    const tunnels = await completeList(connection.client, inputs, listed, options);
    const tunnel = findListed(tunnels, inputs.ipsecTunnelId);
    if (plan.kind === "adopt") {
      return askAboutAdoption(inputs, tunnel, () => findIpsecTunnel(connection.client, inputs, options));
    }
    if (state === undefined && tunnel?.lastGeneratedOn !== undefined) {
      log.warn(liveKeyText(inputs, tunnel.lastGeneratedOn));
    }
    return (await validation.validate(connection, inputs, { tunnels, budget, options }))
      ? "Cloudflare would accept it (validate_only: nothing was persisted)."
      : `Not validated one by one, for this preview has validated ${budget} (previewBudget); the tunnel exists.`;
  }

  return async (planned, log) => {
    const { inputs, state, isSecret } = planned;
    const plan = state === undefined ? planCreation(inputs) : planRotation(state, inputs, now());
    if (plan.kind === "refuse") throw externalRotation(inputs, plan.reason);

    let verdict = "Not validated: preflight is false.";
    if (inputs.preflight !== false) {
      try {
        verdict = await within((await settings()).previewDeadlineMs, ask(planned, plan, log));
      } catch (error) {
        if (!isInconclusive(error)) throw error;
        warnOnce(`${notValidatedText(validation.reachOf(error))}\n${error.message}`, log);
        verdict = `Not validated: ${error.details.what}.`;
      }
    }
    log.info(`${planText(plan, isSecret)}\n${verdict}`);
  };
}

function planCreation({ ipsecTunnelId, adopt }: Inputs): Plan {
  if (adopt !== undefined) return { kind: "adopt", key: adopt };
  return { kind: "generate", reasons: [{ kind: "noKey", ipsecTunnelId }] };
}

async function askAboutAdoption(
  inputs: Inputs,
  listed: IpsecTunnel | undefined,
  read: () => Promise<IpsecTunnel | undefined>,
): Promise<string> {
  const { adopt } = inputs;
  if (adopt === undefined || hasUnknown(adopt)) return "Not checked: adopt is known only after up.";
  const problemWith = (tunnel: IpsecTunnel | undefined) => adoptionProblem(inputs, adopt, tunnel?.lastGeneratedOn);
  // A list may lag behind: only a read of the tunnel refuses.
  const problem = problemWith(listed) && problemWith(await read());
  if (problem !== undefined) throw problem;
  return "Cloudflare shows the same time stamp for the key in force.";
}

/** Nobody but us sets a deadline for a hook: the engine would wait for ever. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new IpsecTunnelPskError("ERR_NO_ANSWER", {
          what: `Cannot validate in this preview as it took longer than ${ms / 1000} s`,
          remedy: "Run the preview again. Nothing was changed.",
        }),
      );
    }, ms);
  });
  try {
    return await Promise.race([answer, over]);
  } finally {
    clearTimeout(timer);
  }
}
