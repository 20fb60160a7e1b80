import { listOf } from "./compatibility";
import { pathOf, quote } from "./quote";
import type { Reason } from "./rotation";
import { hasUnknown } from "./sentinels";

/** Tells whether the value of a property, or of one key of it, must not be shown. */
export type Secrecy = (property: string, key?: string) => boolean;

/** Says why a key is generated, as part of a sentence. */
export function reasonText(reason: Reason, isSecret: Secrecy = () => true): string {
  const isHidden = (trigger: string) => isSecret("rotationTriggers", trigger);
  const nameOf = (trigger: string) => pathOf("rotationTriggers", trigger);
  switch (reason.kind) {
    case "noKey":
      return `this resource's state has no key for tunnel ${hasUnknown(reason.ipsecTunnelId) ? "(known only after up)" : reason.ipsecTunnelId}`;
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
      return isSecret("rotateAfterDays")
        ? "the key has reached the age in rotateAfterDays, which is a secret"
        : `the key is ${reason.ageInDays} days old, and rotateAfterDays is ${reason.rotateAfterDays}`;
    case "incompatible":
      return `the key in the state is not compatible with ${listOf(reason.consumers)}, which compatibleWith names`;
    case "superseded":
      return `someone else rotated the key at ${reason.supersededOn ?? "an unknown time"}; the key in the state was generated at ${reason.generatedOn ?? "an unknown time"}`;
    case "lost":
      return "the key in the state is no longer active, and the active key is unknown";
  }
}
