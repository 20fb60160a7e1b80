import { hasUnknown, UNKNOWN } from "./unknown";
import type { Inputs } from "./inputs";
import type { StoredState } from "./state";

/** Why a new key is generated. */
export type Reason =
  | { readonly kind: "noKey"; readonly ipsecTunnelId: string }
  | { readonly kind: "triggerAdded"; readonly trigger: string; readonly to: string }
  | { readonly kind: "triggerChanged"; readonly trigger: string; readonly from: string; readonly to: string }
  | { readonly kind: "triggerRemoved"; readonly trigger: string; readonly from: string }
  | { readonly kind: "triggerUnknown"; readonly trigger?: string };

/** What the next `up` has to do about one resource. */
export type Plan =
  | { readonly kind: "keep" }
  | { readonly kind: "generate"; readonly reasons: readonly Reason[] }
  /** Another tunnel: a new resource takes the place of this one. */
  | { readonly kind: "replace"; readonly properties: readonly ("accountId" | "ipsecTunnelId")[] };

/** Plans a resource that exists: a pure function of what is stored and what the program asks for. */
export function planRotation(state: StoredState, inputs: Inputs): Plan {
  const moved = (["accountId", "ipsecTunnelId"] as const).filter((property) => state[property] !== inputs[property]);
  if (moved.length > 0) return { kind: "replace", properties: moved };

  const reasons = changedTriggers(state.rotationTriggers ?? {}, inputs.rotationTriggers ?? {});
  return reasons.length > 0 ? { kind: "generate", reasons } : { kind: "keep" };
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
