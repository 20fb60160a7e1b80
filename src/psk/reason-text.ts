import { listOf } from "./compatibility";
import { pathOf, quote } from "./quote";
import type { Reason } from "./rotation";

/** Tells whether the value of a property, or of one key of it, must not be shown. */
export type Secrecy = (property: string, key?: string) => boolean;

/** Says why a key is generated or set, as part of a sentence. */
export function reasonText(reason: Reason, isSecret: Secrecy = () => true): string {
  const isHidden = (trigger: string) => isSecret("rotationTriggers", trigger);
  const nameOf = (trigger: string) => pathOf("rotationTriggers", trigger);
  switch (reason.kind) {
    case "noKey":
      // Neither a hook nor the provider learns which: for a replacement, the engine leaves out the old resource.
      return `the resource of tunnel ${reason.tunnel} is new or is being replaced`;
    case "triggerAdded":
      return `${nameOf(reason.trigger)} was added${isHidden(reason.trigger) ? "" : `: ${quote(reason.to)}`}`;
    case "triggerRemoved":
      return `${nameOf(reason.trigger)} was removed${isHidden(reason.trigger) ? "" : `: it was ${quote(reason.from)}`}`;
    case "triggerChanged":
      return isHidden(reason.trigger)
        ? `${nameOf(reason.trigger)} changed`
        : `${nameOf(reason.trigger)} changed from ${quote(reason.from)} to ${quote(reason.to)}`;
    case "triggerUnknown":
      return `${reason.trigger === undefined ? "rotationTriggers is" : `${nameOf(reason.trigger)} is`} known only after up`;
    case "tooOld":
      return isSecret("rotateAfterDays") || isSecret("rotateSpreadDays")
        ? "the key has reached the age in rotateAfterDays, which is a secret"
        : `the key is ${reason.ageInDays} days old, and rotateAfterDays is ${reason.rotateAfterDays}${spreadText(reason)}`;
    case "pskAdded":
      return "the program now gives psk, which is not the key in the state";
    case "pskChanged":
      return "psk changed";
    case "pskRemoved":
      return "psk was removed from the program";
    case "pskUnknown":
      return "psk is known only after up";
    case "incompatible":
      return `the key in the state is not compatible with ${listOf(reason.consumers)}, which compatibleWith names`;
    case "superseded":
      return `someone else rotated the key at ${reason.supersededOn ?? "an unknown time"}; the key in the state was generated at ${reason.generatedOn ?? "an unknown time"}${unlessText(reason)}`;
    case "lost":
      return "the key in the state is no longer active, and the active key is unknown";
    case "inputUnknown":
      return `${reason.input} is known only after up`;
  }
}

function unlessText({ unless }: Reason & { readonly kind: "superseded" }): string {
  if (unless === undefined) return "";
  const value = unless === "fail" ? 'is "fail"' : "is known only after up";
  return `. If nothing else asks for a new key, up ${unless === "fail" ? "stops" : "may stop"}, because onExternalRotation ${value}`;
}

function spreadText({ spreadDays }: { readonly spreadDays?: number }): string {
  return spreadDays === undefined ? "" : `, less ${spreadDays} for this tunnel (rotateSpreadDays)`;
}
