import { listOf } from "./compatibility";
import { pathOf, quote } from "./quote";
import type { Reason } from "./rotation";
import { hasUnknown } from "./unknown";

/** Whether the value of a property, or of one key of it, must not be shown. */
export type Secrecy = (property: string, key?: string) => boolean;

/** Says a reason as a person would. */
export function reasonText(reason: Reason, isSecret: Secrecy = () => true): string {
  const isHidden = (trigger: string) => isSecret("rotationTriggers", trigger);
  const value = (trigger: string, text: string) => (isHidden(trigger) ? "a secret" : quote(text));
  const nameOf = (trigger: string) => pathOf("rotationTriggers", trigger);
  switch (reason.kind) {
    case "noKey":
      return `no key of tunnel ${hasUnknown(reason.ipsecTunnelId) ? "(known only after up)" : reason.ipsecTunnelId} is in this resource's state`;
    case "triggerAdded":
      return `${nameOf(reason.trigger)} was added: ${value(reason.trigger, reason.to)}`;
    case "triggerRemoved":
      return `${nameOf(reason.trigger)} was removed: it was ${value(reason.trigger, reason.from)}`;
    case "triggerChanged":
      return isHidden(reason.trigger)
        ? `${nameOf(reason.trigger)} changed`
        : `${nameOf(reason.trigger)} changed from ${value(reason.trigger, reason.from)} to ${value(reason.trigger, reason.to)}`;
    case "triggerUnknown":
      return `${reason.trigger === undefined ? "rotationTriggers is" : `${nameOf(reason.trigger)} is`} known only after up`;
    case "tooOld":
      return isSecret("rotateAfterDays")
        ? "the key has reached the age in rotateAfterDays, which is a secret"
        : `the key is ${reason.ageInDays} days old, rotateAfterDays is ${reason.rotateAfterDays}`;
    case "unsuited":
      return `the key in the state does not suit ${listOf(reason.consumers)}, which compatibleWith names`;
    case "superseded":
      return `the key was regenerated outside this stack at ${reason.supersededOn ?? "an unknown time"}; the key in the state is of ${reason.generatedOn ?? "an unknown time"}`;
    case "lost":
      return "the edge no longer has the key in the state, and the key that it has is not known";
  }
}
