import type { CallOptions } from "../cloudflare/client";
import { completeList, findIpsecTunnel, findListed, type IpsecTunnel } from "../cloudflare/ipsec-tunnels";
import { IpsecTunnelPskError } from "../errors";
import type { Connection } from "../provider/connection";
import type { ProviderSettings } from "../provider/settings";
import { existingKeyProblem } from "../psk/existing-key";
import type { Inputs } from "../psk/inputs";
import type { Secrecy } from "../psk/reason-text";
import { externalRotation, type Plan, planCreation, planRotation } from "../psk/rotation";
import { hasUnknown } from "../psk/sentinels";
import type { StoredState } from "../psk/state";
import { activeKeyText, planText, type Finding, findingText, warningText } from "./messages";
import { createValidation, isInconclusive } from "./validation";

/** A resource that the engine plans to create, update or replace. */
export interface PlannedResource {
  readonly inputs: Inputs;
  /** `undefined` for a resource that is created, even if it replaces another. */
  readonly state: StoredState | undefined;
  readonly isSecret: Secrecy;
}

/** Takes the lines of a preview, which are shown under the resource. */
export interface PreviewLog {
  readonly info: (text: string) => void;
  readonly warn: (text: string) => void;
}

export type Preflight = (planned: PlannedResource, log: PreviewLog) => Promise<void>;

export interface PreflightOptions {
  /** `undefined`: no credentials are configured. `"unknown"`: they are known only after `up`. */
  readonly connect: () => Promise<Connection | "unknown" | undefined>;
  readonly settings: () => Promise<Pick<ProviderSettings, "maxPreviewValidations" | "previewTimeoutMs">>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Creates what a preview does for each planned resource: it says what will happen and why, and asks Cloudflare whether it
 * would accept that. A definite refusal is thrown; a failure that leaves the question open is a warning.
 */
export function createPreflight({ connect, settings, now }: PreflightOptions): Preflight {
  const validation = createValidation();
  const warnings = new Set<string>();

  // With hundreds of tunnels, one warning is read and hundreds are not.
  function warnOnce(text: string, log: PreviewLog): void {
    if (!warnings.has(text)) log.warn(text);
    warnings.add(text);
  }

  async function ask({ inputs, state }: PlannedResource, plan: Plan, log: PreviewLog): Promise<Finding> {
    if (hasUnknown(inputs.accountId)) return { kind: "unknown", what: "accountId" };
    const connection = await connect();
    if (connection === "unknown") return { kind: "unknown", what: "credentials" };
    if (connection === undefined) return { kind: "noCredentials" };

    const { maxPreviewValidations, previewTimeoutMs } = await settings();
    // A preview never waits for Cloudflare to unblock us, nor keeps the program alive for a response that comes too late.
    const options: CallOptions = { maxAttempts: 1, timeoutMs: previewTimeoutMs, announce: log.warn };
    const listed = await validation.list(connection, inputs.accountId, options);
    if (hasUnknown(inputs.ipsecTunnelId)) return { kind: "unknown", what: "tunnel" };

    const tunnels = await completeList(connection.client, inputs, listed, options);
    const tunnel = findListed(tunnels, inputs.ipsecTunnelId);
    if (plan.kind === "takeOver") {
      return compareExistingKey(inputs, tunnel, () => findIpsecTunnel(connection.client, inputs, options));
    }
    if (state === undefined && tunnel?.lastGeneratedOn !== undefined) {
      log.warn(activeKeyText(inputs, tunnel.lastGeneratedOn));
    }
    const context = { tunnels, maxValidations: maxPreviewValidations, options };
    const isValidated = await validation.validate(connection, inputs, context);
    return isValidated ? { kind: "accepted" } : { kind: "exists", maxPreviewValidations };
  }

  async function findingOn(planned: PlannedResource, plan: Plan, log: PreviewLog): Promise<Finding> {
    if (planned.inputs.validateInPreview === false) return { kind: "off" };
    try {
      return await withTimeout((await settings()).previewTimeoutMs, ask(planned, plan, log));
    } catch (error) {
      if (!isInconclusive(error)) throw error;
      return { kind: "inconclusive", error, reach: validation.reachOf(error) };
    }
  }

  return async (planned, log) => {
    const { inputs, state, isSecret } = planned;
    const plan = state === undefined ? planCreation(inputs) : planRotation(state, inputs, now());
    if (plan.kind === "refuse") throw externalRotation(inputs, plan.reason);

    const finding = await findingOn(planned, plan, log);
    const warning = warningText(finding);
    if (warning !== undefined) warnOnce(warning, log);
    log.info(`${planText(plan, isSecret)}\n${findingText(finding)}`);
  };
}

async function compareExistingKey(
  inputs: Inputs,
  listed: IpsecTunnel | undefined,
  read: () => Promise<IpsecTunnel | undefined>,
): Promise<Finding> {
  const { existingKey } = inputs;
  if (existingKey === undefined || hasUnknown(existingKey)) return { kind: "unknown", what: "existingKey" };
  const problemWith = (tunnel: IpsecTunnel | undefined) =>
    existingKeyProblem(inputs, existingKey, tunnel?.lastGeneratedOn);
  // A list may lag behind: only a read of the tunnel refuses.
  const problem = problemWith(listed) && problemWith(await read());
  if (problem !== undefined) throw problem;
  return { kind: "sameTimestamp" };
}

/** Fails after a timeout, which hooks do not have by themselves: the engine would wait forever. */
async function withTimeout<T>(ms: number, result: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new IpsecTunnelPskError("ERR_NO_RESPONSE", {
          summary: `Cannot validate in this preview: it took longer than ${ms / 1000} s`,
          remedy: "Run the preview again. Nothing was changed.",
        }),
      );
    }, ms);
  });
  try {
    return await Promise.race([result, over]);
  } finally {
    clearTimeout(timer);
  }
}
