import type { CloudVpn } from "../cloud-vpns";
import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import type { TunnelRef } from "../tunnel";
import { incompatibleWith } from "./compatibility";
import type { ExistingKey, Inputs } from "./inputs";
import { hasUnknown, UNKNOWN } from "./sentinels";
import type { StoredState } from "./state";
import { ageInDays, relate } from "./timestamp";

/** Why a new key is generated. */
export type Reason =
  | { readonly kind: "noKey"; readonly ipsecTunnelId: string }
  | { readonly kind: "triggerAdded"; readonly trigger: string; readonly to: string }
  | { readonly kind: "triggerChanged"; readonly trigger: string; readonly from: string; readonly to: string }
  | { readonly kind: "triggerRemoved"; readonly trigger: string; readonly from: string }
  | { readonly kind: "triggerUnknown"; readonly trigger?: string }
  | { readonly kind: "tooOld"; readonly ageInDays: number; readonly rotateAfterDays: number }
  | { readonly kind: "incompatible"; readonly consumers: readonly CloudVpn[] }
  | { readonly kind: "superseded"; readonly generatedOn?: string; readonly supersededOn?: string }
  | { readonly kind: "lost" };

type Superseded = Reason & { readonly kind: "superseded" };

/** Tells whether the engine sees a reason by itself, as a difference of inputs. It does not see age, drift, marks and a key's form. */
export function isInInputs({ kind }: Reason): boolean {
  return kind === "triggerAdded" || kind === "triggerChanged" || kind === "triggerRemoved" || kind === "triggerUnknown";
}

/** What the next `up` has to do about one resource. */
export type Plan =
  | { readonly kind: "keep" }
  | { readonly kind: "generate"; readonly reasons: readonly Reason[] }
  /** The key that the program names replaces the stored one; nothing is generated. */
  | { readonly kind: "takeOver"; readonly key: ExistingKey }
  /** Someone else rotated the key, and `onExternalRotation` is `"fail"`. */
  | { readonly kind: "refuse"; readonly reason: Superseded }
  /** Another tunnel: a new resource replaces this one. */
  | { readonly kind: "replace"; readonly properties: readonly ("accountId" | "ipsecTunnelId")[] };

/** Plans a resource that does not exist yet. */
export function planCreation({ ipsecTunnelId, existingKey }: Inputs): Plan {
  if (existingKey !== undefined) return { kind: "takeOver", key: existingKey };
  return { kind: "generate", reasons: [{ kind: "noKey", ipsecTunnelId }] };
}

/**
 * Plans a resource that exists: a pure function of what is stored, what the program asks for, and the time.
 *
 * @param nowMs - Milliseconds since the epoch.
 */
export function planRotation(state: StoredState, inputs: Inputs, nowMs: number): Plan {
  const moved = (["accountId", "ipsecTunnelId"] as const).filter(
    // The case of an ID does not matter.
    (property) => state[property].toLowerCase() !== inputs[property].toLowerCase(),
  );
  if (moved.length > 0) return { kind: "replace", properties: moved };

  // The program says which key is active: that overrides every reason to generate one.
  const { existingKey } = inputs;
  if (existingKey !== undefined && isNewExistingKey(state, existingKey)) return { kind: "takeOver", key: existingKey };

  const asked = [
    ...changedTriggers(state.rotationTriggers ?? {}, inputs.rotationTriggers ?? {}),
    ...age(state, inputs, nowMs),
    ...compatibility(state, inputs),
    ...(state.status === "lost" ? [{ kind: "lost" } as const] : []),
  ];
  if (state.status !== "superseded") return asked.length > 0 ? { kind: "generate", reasons: asked } : { kind: "keep" };

  const reason = superseded(state);
  // A program that asks for a new key anyway has nothing to decide about the other one.
  const refuses = inputs.onExternalRotation === "fail" && asked.length === 0;
  return refuses ? { kind: "refuse", reason } : { kind: "generate", reasons: [...asked, reason] };
}

/** Returns the error raised when `onExternalRotation` is `"fail"`. */
export function externalRotation(
  { ipsecTunnelId }: TunnelRef,
  { generatedOn = "an unknown time", supersededOn = "an unknown time" }: Superseded,
): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_EXTERNAL_ROTATION", {
    summary: `Cannot keep the key of IPsec tunnel ${ipsecTunnelId}: someone else rotated it at ${supersededOn} (the key in the state was generated at ${generatedOn}), and onExternalRotation is "fail"`,
    remedy:
      'Generate a new key by changing a rotation trigger or setting onExternalRotation to "regenerate", or take over the other key with existingKey.',
  });
}

// An existing key that was taken over has no further effect, until the program names another one.
function isNewExistingKey(state: StoredState, key: ExistingKey | typeof UNKNOWN): boolean {
  if (key === UNKNOWN || hasUnknown(key)) return true;
  if (relate(key.lastGeneratedOn, state.existingKeyGeneratedOn) !== "same") return true;
  const isStillStored = relate(state.lastGeneratedOn, state.existingKeyGeneratedOn) === "same";
  return isStillStored && key.psk !== state.psk;
}

function age(state: StoredState, { rotateAfterDays }: Inputs, nowMs: number): Reason[] {
  const days = ageInDays(state, nowMs);
  if (days === undefined || typeof rotateAfterDays !== "number" || days < rotateAfterDays) return [];
  return [{ kind: "tooOld", ageInDays: days, rotateAfterDays }];
}

function compatibility({ psk }: StoredState, { compatibleWith }: Inputs): Reason[] {
  const consumers = incompatibleWith(psk, compatibleWith);
  return consumers.length > 0 ? [{ kind: "incompatible", consumers }] : [];
}

function superseded({ lastGeneratedOn: generatedOn, supersededOn }: StoredState): Superseded {
  return { kind: "superseded", ...given({ generatedOn, supersededOn }) };
}

type Triggers = Readonly<Record<string, string>>;

function changedTriggers(before: Triggers, after: Triggers | typeof UNKNOWN): Reason[] {
  if (after === UNKNOWN) return [{ kind: "triggerUnknown" }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  // Not by index alone: a trigger may be named like something that every object inherits.
  const valueIn = (triggers: Triggers, name: string) => (Object.hasOwn(triggers, name) ? triggers[name] : undefined);
  return names.flatMap((trigger) => changedTrigger(trigger, valueIn(before, trigger), valueIn(after, trigger)));
}

function changedTrigger(trigger: string, from: string | undefined, to: string | undefined): Reason[] {
  if (from === to) return [];
  if (hasUnknown(to)) return [{ kind: "triggerUnknown", trigger }];
  if (to === undefined) return [{ kind: "triggerRemoved", trigger, from: from ?? "" }];
  if (from === undefined) return [{ kind: "triggerAdded", trigger, to }];
  return [{ kind: "triggerChanged", trigger, from, to }];
}
