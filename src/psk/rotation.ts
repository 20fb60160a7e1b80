import { ageInDays } from "./age";
import type { CloudVpn } from "./cloud-vpns";
import { unsuitedFor } from "./compatibility";
import type { AdoptedKey, Inputs } from "./inputs";
import type { StoredState } from "./state";
import { relate } from "./timestamp";
import { hasUnknown, UNKNOWN } from "./unknown";

/** Why a new key is generated. */
export type Reason =
  | { readonly kind: "noKey"; readonly ipsecTunnelId: string }
  | { readonly kind: "triggerAdded"; readonly trigger: string; readonly to: string }
  | { readonly kind: "triggerChanged"; readonly trigger: string; readonly from: string; readonly to: string }
  | { readonly kind: "triggerRemoved"; readonly trigger: string; readonly from: string }
  | { readonly kind: "triggerUnknown"; readonly trigger?: string }
  | { readonly kind: "tooOld"; readonly ageInDays: number; readonly rotateAfterDays: number }
  | { readonly kind: "unsuited"; readonly consumers: readonly CloudVpn[] }
  | { readonly kind: "superseded"; readonly generatedOn?: string; readonly supersededOn?: string }
  | { readonly kind: "lost" };

/** Whether the engine can see a reason by itself, as a difference of inputs. Age, drift, marks and a key's form it cannot. */
export function isInInputs({ kind }: Reason): boolean {
  return kind === "triggerAdded" || kind === "triggerChanged" || kind === "triggerRemoved" || kind === "triggerUnknown";
}

/** What the next `up` has to do about one resource. */
export type Plan =
  | { readonly kind: "keep" }
  | { readonly kind: "generate"; readonly reasons: readonly Reason[] }
  /** The key that the program names takes the place of the stored one; nothing is generated. */
  | { readonly kind: "adopt"; readonly key: AdoptedKey }
  /** Somebody else generated a key, and the program wants to be asked. */
  | { readonly kind: "refuse"; readonly reason: Reason & { readonly kind: "superseded" } }
  /** Another tunnel: a new resource takes the place of this one. */
  | { readonly kind: "replace"; readonly properties: readonly ("accountId" | "ipsecTunnelId")[] };

/**
 * Plans a resource that exists: a pure function of what is stored, what the program asks for, and the time.
 *
 * @param nowMs - Milliseconds since the epoch.
 */
export function planRotation(state: StoredState, inputs: Inputs, nowMs: number): Plan {
  const moved = (["accountId", "ipsecTunnelId"] as const).filter(
    // Both cases are sent as the same id.
    (property) => state[property].toLowerCase() !== inputs[property].toLowerCase(),
  );
  if (moved.length > 0) return { kind: "replace", properties: moved };

  // The user says which key is in force: that settles every reason to generate one.
  if (inputs.adopt !== undefined && isNewAdoption(state, inputs.adopt)) return { kind: "adopt", key: inputs.adopt };

  const asked = [
    ...changedTriggers(state.rotationTriggers ?? {}, inputs.rotationTriggers ?? {}),
    ...age(state, inputs, nowMs),
    ...suit(state, inputs),
    ...(state.status === "lost" ? [{ kind: "lost" } as const] : []),
  ];
  if (state.status !== "superseded") return asked.length > 0 ? { kind: "generate", reasons: asked } : { kind: "keep" };

  const reason = superseded(state);
  // Whoever asks for a new key anyway has nothing to lose by somebody else's.
  const refuses = inputs.onExternalRotation === "fail" && asked.length === 0;
  return refuses ? { kind: "refuse", reason } : { kind: "generate", reasons: [...asked, reason] };
}

// An `adopt` that was carried out stays in the program without effect, until it names another key.
function isNewAdoption(state: StoredState, adopt: AdoptedKey | typeof UNKNOWN): boolean {
  if (adopt === UNKNOWN || hasUnknown(adopt)) return true;
  if (relate(adopt.lastGeneratedOn, state.adoptedOn) !== "same") return true;
  const isStillStored = relate(state.lastGeneratedOn, state.adoptedOn) === "same";
  return isStillStored && adopt.psk !== state.psk;
}

function age(state: StoredState, { rotateAfterDays }: Inputs, nowMs: number): Reason[] {
  const days = ageInDays(state, nowMs);
  if (days === undefined || typeof rotateAfterDays !== "number" || days < rotateAfterDays) return [];
  return [{ kind: "tooOld", ageInDays: days, rotateAfterDays }];
}

function suit({ psk }: StoredState, { compatibleWith }: Inputs): Reason[] {
  const consumers = unsuitedFor(psk, compatibleWith);
  return consumers.length > 0 ? [{ kind: "unsuited", consumers }] : [];
}

function superseded({ lastGeneratedOn, supersededOn }: StoredState): Reason & { kind: "superseded" } {
  return {
    kind: "superseded",
    ...(lastGeneratedOn !== undefined && { generatedOn: lastGeneratedOn }),
    ...(supersededOn !== undefined && { supersededOn }),
  };
}

type Triggers = Readonly<Record<string, string>>;

function changedTriggers(before: Triggers, after: Triggers | typeof UNKNOWN): Reason[] {
  if (after === UNKNOWN) return [{ kind: "triggerUnknown" }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  // Not by index alone: a trigger may be named as something that every object inherits.
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
