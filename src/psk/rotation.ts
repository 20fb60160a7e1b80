import { type CloudVpn, COMPATIBLE_WITH } from "../cloud-vpns";
import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import type { TunnelRef } from "../tunnel";
import { incompatibleWith } from "./compatibility";
import type { ExistingKey, Inputs, ResolvedInputs } from "./inputs";
import { changedSource, type KeySource, keySourceOf, type SourceChange } from "./key-source";
import { hasUnknown, UNKNOWN } from "./sentinels";
import { spreadDays } from "./spread";
import { tunnelText } from "./resolution";
import type { StoredState } from "./state";
import { ageInDays, relate, standsFor } from "./timestamp";

/** Why a new key is generated or set. */
export type Reason =
  /** @param tunnel - As the program names it. */
  | { readonly kind: "noKey"; readonly tunnel: string }
  | { readonly kind: "triggerAdded"; readonly trigger: string; readonly to: string }
  | { readonly kind: "triggerChanged"; readonly trigger: string; readonly from: string; readonly to: string }
  | { readonly kind: "triggerRemoved"; readonly trigger: string; readonly from: string }
  | { readonly kind: "triggerUnknown"; readonly trigger?: string }
  | SourceChange
  | {
      readonly kind: "tooOld";
      readonly ageInDays: number;
      readonly rotateAfterDays: number;
      /** By how many days the key came due earlier, if any. */
      readonly spreadDays?: number;
    }
  | { readonly kind: "incompatible"; readonly consumers: readonly CloudVpn[] }
  | {
      readonly kind: "superseded";
      readonly generatedOn?: string;
      readonly supersededOn?: string;
      /** `onExternalRotation`, if `up` stops or may stop unless another reason holds. */
      readonly unless?: "fail" | typeof UNKNOWN;
    }
  | { readonly kind: "lost" }
  /** A value of this input, other than the triggers and `psk`, may plan a generation. */
  | {
      readonly kind: "inputUnknown";
      readonly input: "rotateAfterDays" | "rotateSpreadDays" | "compatibleWith" | "existingKey";
    };

type Superseded = Reason & { readonly kind: "superseded" };

/** Tells whether the engine sees a reason by itself, as a difference of inputs. It does not see age, drift, marks and a key's form. */
export function isInInputs({ kind }: Reason): boolean {
  return IN_INPUTS.has(kind);
}

const IN_INPUTS: ReadonlySet<Reason["kind"]> = new Set<Reason["kind"]>([
  "triggerAdded",
  "triggerChanged",
  "triggerRemoved",
  "triggerUnknown",
  "pskAdded",
  "pskChanged",
  "pskRemoved",
  "pskUnknown",
  "inputUnknown",
]);

/** Tells whether reasons hold whatever the inputs turn out to be that are known only after `up`. */
export function areCertain(reasons: readonly Reason[]): boolean {
  // An existing key, if there is one, overrides them all.
  return !reasons.some(isUnknownExistingKey) && reasons.some(isCertain);
}

function isCertain(reason: Reason): boolean {
  switch (reason.kind) {
    case "triggerUnknown":
    case "pskUnknown":
    case "inputUnknown":
      return false;
    case "superseded":
      return reason.unless === undefined;
    default:
      return true;
  }
}

function isUnknownExistingKey(reason: Reason): boolean {
  return reason.kind === "inputUnknown" && reason.input === "existingKey";
}

/** What the next `up` has to do about one resource. */
export type Plan =
  | { readonly kind: "keep" }
  | { readonly kind: KeySource["kind"]; readonly reasons: readonly Reason[] }
  /** The key that the program names replaces the stored one; nothing is generated. */
  | { readonly kind: "takeOver"; readonly key: ExistingKey }
  /** Someone else rotated the key, and `onExternalRotation` is `"fail"`. */
  | { readonly kind: "refuse"; readonly reason: Superseded }
  /** No list shows the tunnel that the program names now: an update looks again, and fails if there is none. */
  | { readonly kind: "find" }
  /** Another tunnel: a new resource replaces this one. */
  | { readonly kind: "replace"; readonly properties: readonly ("accountId" | "ipsecTunnelId")[] };

/** Plans a resource that does not exist yet. */
export function planCreation(inputs: Inputs): Plan {
  const { psk } = inputs;
  const existingKey = inputs.existingKey as Inputs["existingKey"] | typeof UNKNOWN;
  if (existingKey !== undefined && existingKey !== UNKNOWN) return { kind: "takeOver", key: existingKey };
  return {
    kind: keySourceOf(inputs).kind,
    reasons: [
      { kind: "noKey", tunnel: tunnelText(inputs) },
      ...(hasUnknown(psk) ? [{ kind: "pskUnknown" } as const] : []),
      ...(existingKey === UNKNOWN ? [EXISTING_KEY_UNKNOWN] : []),
    ],
  };
}

/**
 * Plans a resource that exists: a pure function of what is stored, what the program asks for, and the time.
 *
 * @param nowMs - Milliseconds since the epoch.
 */
export function planRotation(
  state: StoredState,
  inputs: ResolvedInputs,
  nowMs: number,
): Exclude<Plan, { kind: "find" }> {
  const moved = (["accountId", "ipsecTunnelId"] as const).filter((property) => state[property] !== inputs[property]);
  if (moved.length > 0) return { kind: "replace", properties: moved };

  // The program says which key is active: that overrides every reason for a new one.
  const { existingKey } = inputs;
  const isUnknown = hasUnknown(existingKey);
  if (existingKey !== undefined && !isUnknown && isNewExistingKey(state, existingKey))
    return { kind: "takeOver", key: existingKey };

  const others = planWithoutExistingKey(state, inputs, nowMs);
  if (existingKey === undefined || !isUnknown) return others;
  // It may be the one that was taken over before, or none.
  if (others.kind === "generate" || others.kind === "set")
    return { ...others, reasons: [...others.reasons, EXISTING_KEY_UNKNOWN] };
  return { kind: "takeOver", key: existingKey };
}

const EXISTING_KEY_UNKNOWN = { kind: "inputUnknown", input: "existingKey" } as const;

function planWithoutExistingKey(
  state: StoredState,
  inputs: ResolvedInputs,
  nowMs: number,
): Exclude<Plan, { kind: "find" }> {
  const asked: Reason[] = [
    ...changedSource(state, inputs),
    ...changedTriggers(state.rotationTriggers ?? {}, inputs.rotationTriggers ?? {}),
    ...age(state, inputs, nowMs),
    ...compatibility(state, inputs),
    ...(state.status === "lost" ? [{ kind: "lost" } as const] : []),
  ];
  const { kind } = keySourceOf(inputs);
  if (state.status !== "superseded") return asked.length > 0 ? { kind, reasons: asked } : { kind: "keep" };

  const reason = superseded(state);
  const onExternalRotation = inputs.onExternalRotation as Inputs["onExternalRotation"] | typeof UNKNOWN;
  // A program that asks for a new key anyway has nothing to decide about the other one.
  if (onExternalRotation === "fail" && asked.length === 0) return { kind: "refuse", reason };
  const isDecided = onExternalRotation === undefined || onExternalRotation === "regenerate" || areCertain(asked);
  return { kind, reasons: [...asked, isDecided ? reason : { ...reason, unless: onExternalRotation }] };
}

/** Returns the error raised when `onExternalRotation` is `"fail"`. */
export function externalRotation(
  { ipsecTunnelId }: TunnelRef,
  { psk }: Pick<Inputs, "psk">,
  { generatedOn = "an unknown time", supersededOn = "an unknown time" }: Superseded,
): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_EXTERNAL_ROTATION", {
    summary: `Cannot keep the key of IPsec tunnel ${ipsecTunnelId}: someone else rotated it at ${supersededOn} (the key in the state was generated at ${generatedOn}), and onExternalRotation is "fail"`,
    remedy: `${psk === undefined ? "Generate a new key" : "Set psk again"} by changing a rotation trigger or setting onExternalRotation to "regenerate", or take over the other key with existingKey${psk === undefined ? "" : " and as psk"}.`,
  });
}

// An existing key that was taken over has no further effect, until the program names another one.
function isNewExistingKey(state: StoredState, key: ExistingKey): boolean {
  if (!standsFor(key.lastGeneratedOn, state.existingKeyGeneratedOn)) return true;
  const isStillStored = relate(state.lastGeneratedOn, state.existingKeyGeneratedOn) === "same";
  return isStillStored && key.psk !== state.psk;
}

function age(state: StoredState, inputs: ResolvedInputs, nowMs: number): Reason[] {
  const { rotateAfterDays, rotateSpreadDays } = inputs;
  const days = ageInDays(state, nowMs);
  if (days === undefined || rotateAfterDays === undefined) return [];
  // Due at an age of 1 with the smallest value.
  if (hasUnknown(rotateAfterDays)) return days >= 1 ? [{ kind: "inputUnknown", input: "rotateAfterDays" }] : [];

  const earlier = spreadDays(inputs.ipsecTunnelId, rotateSpreadDays);
  if (days >= rotateAfterDays - earlier)
    return [{ kind: "tooOld", ageInDays: days, rotateAfterDays, ...(earlier > 0 && { spreadDays: earlier }) }];
  // A spread is less than rotateAfterDays, and one that is smaller than these makes no key of this age due.
  const spreads = hasUnknown(rotateSpreadDays)
    ? Array.from({ length: days }, (_none, index) => rotateAfterDays - 1 - index)
    : [];
  const mayBeDue = spreads.some((spread) => days >= rotateAfterDays - spreadDays(inputs.ipsecTunnelId, spread));
  return mayBeDue ? [{ kind: "inputUnknown", input: "rotateSpreadDays" }] : [];
}

function compatibility({ psk }: StoredState, inputs: Inputs): Reason[] {
  const { compatibleWith } = inputs;
  const consumers = incompatibleWith(psk, compatibleWith);
  if (consumers.length > 0) return [{ kind: "incompatible", consumers }];
  // A key that the program gives is never replaced by another one: it is refused.
  const mayBeNamed = hasUnknown(compatibleWith) && (inputs.psk === undefined || hasUnknown(inputs.psk));
  const isAtStake = mayBeNamed && incompatibleWith(psk, COMPATIBLE_WITH).length > 0;
  return isAtStake ? [{ kind: "inputUnknown", input: "compatibleWith" }] : [];
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
