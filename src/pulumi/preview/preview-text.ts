import type { Inputs } from "../../psk/inputs";
import { reasonText, type Secrecy } from "../../psk/reason-text";
import type { Plan } from "../../psk/rotation";
import { hasUnknown } from "../../psk/unknown";
import type { Reach } from "./validation";

/** Says what `up` will do with a planned resource, and why. */
export function planText(plan: Plan, isSecret: Secrecy): string {
  switch (plan.kind) {
    case "adopt":
      return `The key that adopt names will be taken over${hasUnknown(plan.key) ? "" : `, generated at ${plan.key.lastGeneratedOn}`}: nothing is generated.`;
    case "generate": {
      const will = plan.reasons.every(({ kind }) => kind === "triggerUnknown") ? "may" : "will";
      const why = plan.reasons.map((reason) => reasonText(reason, isSecret)).join("; ");
      return `A new key ${will} be generated, in force at once: ${why}.\nThe router keeps its old key until it is given the new one.`;
    }
    default:
      // The engine plans an update without a reason of ours after a failure that left something behind.
      return "The last run failed halfway: the key will be verified, and generated again only if the edge has another one.";
  }
}

/** What a failure that leaves the question open means, for this tunnel and for others. */
export function notValidatedText(reach: Reach): string {
  switch (reach) {
    case "tunnel":
      return "Not validated.";
    case "account":
      return "Not validated, and neither is any other tunnel of this account.";
    case "credentials":
      return "Not validated, and neither is any other tunnel with these credentials.";
  }
}

/** Warns of a key that a new resource is about to replace. */
export function liveKeyText({ ipsecTunnelId }: Inputs, lastGeneratedOn: string): string {
  return `Tunnel ${ipsecTunnelId} has a key already, generated at ${lastGeneratedOn}, which up will replace. To keep it use adopt, or an alias if this resource was renamed.`;
}
