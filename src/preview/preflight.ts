import type { CallOptions } from "../cloudflare/client";
import { completeList, findIpsecTunnel } from "../cloudflare/ipsec-tunnels";
import { findListed, type IpsecTunnel } from "../cloudflare/shown-tunnels";
import { IpsecTunnelPskError } from "../errors";
import type { Connection } from "../connection/connection";
import type { Namespace, ProviderSettings } from "../connection/settings";
import { withTimeout } from "../connection/sleep";
import { detectDrift } from "../psk/drift";
import { existingKeyProblem } from "../psk/existing-key";
import { guessWarning } from "../psk/guessable";
import type { Inputs, ResolvedInputs } from "../psk/inputs";
import { quote } from "../psk/quote";
import type { Secrecy } from "../psk/reason-text";
import { resolvedByState, tunnelText } from "../psk/resolution";
import { externalRotation, type Plan, planCreation, planRotation } from "../psk/rotation";
import { hasUnknown } from "../psk/sentinels";
import type { StoredState } from "../psk/state";
import { createPreviewReads } from "./drift-reads";
import { locate, type Located } from "./locate";
import { activeKeyText, planText, type Finding, findingText, warningText } from "./messages";
import { questionOf } from "./question";
import { createValidation, isInconclusive, requireListed } from "./validation";

/** A resource that the engine plans to create, update or replace. */
export interface PlannedResource {
  readonly inputs: Inputs;
  /** `undefined` for a resource that is created, even if it replaces another. */
  readonly state: StoredState | undefined;
  readonly isSecret: Secrecy;
  /** Claims the tunnel for this resource. @throws {IpsecTunnelPskError} if another resource of the program manages it. */
  readonly claim: (inputs: ResolvedInputs) => void;
  /** Whether the other kind of provider has written the state, so that an update is planned in any case. Default: false. */
  readonly isMoved?: boolean;
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
  readonly settings: () => Promise<
    Pick<ProviderSettings, "maxPreviewValidations" | "previewTimeoutMs" | "detectDrift">
  >;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The namespace of the credentials in the stack's configuration. Default: the one with credentials. */
  readonly namespace?: Namespace;
}

/**
 * Creates what a preview does for each planned resource: it says what will happen and why, and asks Cloudflare whether it
 * would accept that. A definite refusal is thrown; a failure that leaves the question open is a warning.
 */
export function createPreflight({ connect, settings, now, namespace }: PreflightOptions): Preflight {
  const validation = createValidation();
  const readsFor = createPreviewReads(validation);
  const warnings = new Set<string>();

  // With hundreds of tunnels, one warning is read and hundreds are not.
  function warnOnce(text: string, { ipsecTunnelId, ipsecTunnelName }: Inputs, log: PreviewLog): void {
    const names = [ipsecTunnelId, ipsecTunnelName && quote(ipsecTunnelName)].filter((name) => name !== undefined);
    const cause = names.reduce((rest, name) => rest.replaceAll(name, ""), text);
    if (!warnings.has(cause)) log.warn(text);
    warnings.add(cause);
  }

  function locateIn({ connection, options }: Access, { inputs, state }: PlannedResource): Promise<Located> {
    const list = async (age: "once" | "recentNames") =>
      (await connection.lists.list(inputs.accountId, age, options)).named;
    return locate(inputs, state, { list, warn: options.announce });
  }

  async function ask(planned: PlannedResource, plan: Plan, access: Access, log: PreviewLog): Promise<Finding> {
    const { connection, options, maxPreviewValidations } = access;
    const listed = await validation.list(connection, planned.inputs.accountId, options);
    const located = await locateIn(access, planned);
    if (located.kind === "unknown") return { kind: "unknown", what: "tunnel" };
    if (located.kind === "missing") return { kind: "noTunnel", tunnel: tunnelText(planned.inputs), why: located.why };
    const { inputs } = located;
    planned.claim(inputs);
    const tunnels = await completeList(connection.client, inputs, listed, options);
    const tunnel = findListed(tunnels, inputs.ipsecTunnelId);
    if (plan.kind === "takeOver") {
      return compareExistingKey(inputs, tunnel, () => findIpsecTunnel(connection.client, inputs, options));
    }
    if (planned.state === undefined && inputs.existingKey === undefined && tunnel?.lastGeneratedOn !== undefined) {
      log.warn(activeKeyText(inputs, tunnel.lastGeneratedOn));
    }
    const question = questionOf(inputs.psk);
    if (hasUnknown(inputs.psk)) {
      requireListed(question, inputs, tunnels);
      return { kind: "unknown", what: "psk" };
    }
    const context = { tunnels, maxValidations: maxPreviewValidations, options };
    switch (await validation.validate(connection, question, inputs, context)) {
      case "validated":
        return { kind: "accepted" };
      case "beyondMaximum":
        return { kind: "exists", maxPreviewValidations };
      case "unproven":
        return { kind: "unproven" };
    }
  }

  async function accessFor({ inputs }: PlannedResource, log: PreviewLog): Promise<Access | Finding> {
    if (hasUnknown(inputs.accountId)) return { kind: "unknown", what: "accountId" };
    const connection = await connect();
    if (connection === "unknown") return { kind: "unknown", what: "credentials" };
    if (connection === undefined) return { kind: "noCredentials" };
    if (connection.warning !== undefined) warnOnce(connection.warning, inputs, log);
    const { maxPreviewValidations, previewTimeoutMs } = await settings();
    // A preview never waits for Cloudflare to unblock us, nor keeps the program alive for a response that comes too late.
    const options: CallOptions = { maxAttempts: 1, timeoutMs: previewTimeoutMs, announce: log.warn };
    return { connection, options, maxPreviewValidations };
  }

  /** Plans by what Cloudflare shows, if the stored state has no reason to generate. */
  async function planNow(planned: PlannedResource, stored: Plan, log: PreviewLog): Promise<Plan> {
    const { state } = planned;
    const isOpen = stored.kind === "find" || (stored.kind === "keep" && (await settings()).detectDrift);
    if (state === undefined || !isOpen) return stored;
    // Whatever is wrong here, the validation reports.
    const access = await accessFor(planned, log).catch(() => undefined);
    if (access === undefined || "kind" in access) return stored;
    const located = await locateIn(access, planned).catch(() => undefined);
    if (located?.kind !== "found") return stored;
    const plan = planRotation(state, located.inputs, now());
    if (plan.kind !== "keep" || !(await settings()).detectDrift) return plan;
    const drift = await detectDrift(readsFor(access.connection, access.options), state);
    return planRotation(drift.state, located.inputs, now());
  }

  async function examine(planned: PlannedResource, stored: Plan, log: PreviewLog): Promise<Examined> {
    const plan = await planNow(planned, stored, log);
    const { inputs, state } = planned;
    if (state !== undefined && plan.kind === "refuse") throw externalRotation(state, inputs, plan.reason);
    if (inputs.validateInPreview === false) return { plan, finding: { kind: "off" } };
    const access = await accessFor(planned, log);
    return { plan, finding: "kind" in access ? access : await ask(planned, plan, access, log) };
  }

  async function examineInTime(planned: PlannedResource, stored: Plan, log: PreviewLog): Promise<Examined> {
    const { previewTimeoutMs } = await settings();
    try {
      return await withTimeout(previewTimeoutMs, examine(planned, stored, log), () => tookTooLong(previewTimeoutMs));
    } catch (error) {
      if (!isInconclusive(error)) throw error;
      const isOff = planned.inputs.validateInPreview === false;
      const open: Finding = { kind: "inconclusive", error, reach: validation.reachOf(error) };
      return { plan: stored, finding: isOff ? { kind: "off" } : open };
    }
  }

  return async (planned, log) => {
    const { inputs, state, isSecret, isMoved } = planned;
    const stored = state === undefined ? planCreation(inputs) : planByState(state, inputs, now());
    if (state !== undefined && stored.kind === "refuse") throw externalRotation(state, inputs, stored.reason);

    const { plan, finding } = await examineInTime(planned, stored, log);
    const warning = warningText(finding, namespace);
    if (warning !== undefined) warnOnce(warning, inputs, log);
    const guess = guessWarning(plan, inputs);
    if (guess !== undefined) log.warn(guess);
    log.info(`${planText(plan, isSecret, isMoved)}\n${findingText(finding)}`);
  };
}

/** Plans as far as the stored state tells which tunnel it is about. */
function planByState(state: StoredState, inputs: Inputs, nowMs: number): Plan {
  const resolved = resolvedByState(inputs, state);
  return resolved === undefined ? { kind: "find" } : planRotation(state, resolved, nowMs);
}

interface Examined {
  readonly plan: Plan;
  readonly finding: Finding;
}

/** How one resource's questions reach Cloudflare. */
interface Access {
  readonly connection: Connection;
  readonly options: CallOptions;
  readonly maxPreviewValidations: number;
}

async function compareExistingKey(
  inputs: ResolvedInputs,
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

// Hooks have no timeout by themselves: the engine would wait forever.
function tookTooLong(ms: number): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_NO_RESPONSE", {
    summary: `Cannot validate in this preview: it took longer than ${ms / 1000} s`,
    remedy: "Run the preview again. Nothing was changed.",
  });
}
