import { listOf } from "./compatibility";
import type { Reason } from "./rotation";
import { hasUnknown } from "./unknown";

/**
 * Says a reason as a person would.
 *
 * @param isSecret - Whether a trigger's values must not be shown.
 */
export function reasonText(reason: Reason, isSecret: (trigger: string) => boolean = () => true): string {
  const value = (trigger: string, text: string) => (isSecret(trigger) ? "a secret" : JSON.stringify(text));
  switch (reason.kind) {
    case "noKey":
      return `no key of tunnel ${hasUnknown(reason.ipsecTunnelId) ? "(known only after up)" : reason.ipsecTunnelId} is in this resource's state`;
    case "triggerAdded":
      return `rotationTriggers.${reason.trigger} was added: ${value(reason.trigger, reason.to)}`;
    case "triggerRemoved":
      return `rotationTriggers.${reason.trigger} was removed: it was ${value(reason.trigger, reason.from)}`;
    case "triggerChanged":
      return isSecret(reason.trigger)
        ? `rotationTriggers.${reason.trigger} changed`
        : `rotationTriggers.${reason.trigger} changed from ${value(reason.trigger, reason.from)} to ${value(reason.trigger, reason.to)}`;
    case "triggerUnknown":
      return `${reason.trigger === undefined ? "rotationTriggers is" : `rotationTriggers.${reason.trigger} is`} known only after up`;
    case "tooOld":
      return `the key is ${reason.ageInDays} days old, rotateAfterDays is ${reason.rotateAfterDays}`;
    case "unsuited":
      return `the key in the state does not suit ${listOf(reason.consumers)}, which compatibleWith names`;
    case "superseded":
      return `the key was regenerated outside this stack at ${reason.supersededOn ?? "an unknown time"}; the key in the state is of ${reason.generatedOn ?? "an unknown time"}`;
    case "lost":
      return "the edge no longer has the key in the state, and the key that it has is not known";
  }
}
