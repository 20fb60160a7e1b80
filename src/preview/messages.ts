import type { IpsecTunnelPskError } from "../errors";
import { noCredentials } from "../connection/connection";
import type { Namespace } from "../connection/settings";
import { reasonText, type Secrecy } from "../psk/reason-text";
import { areCertain, type Plan } from "../psk/rotation";
import { hasUnknown } from "../psk/sentinels";
import type { TunnelRef } from "../tunnel";
import type { Reach } from "./validation";

/** What a preview found out about one planned resource. */
export type Finding =
  /** `validate_only` was accepted. */
  | { readonly kind: "accepted" }
  /** The tunnel exists; this preview has validated as many as it may. */
  | { readonly kind: "exists"; readonly maxPreviewValidations: number }
  /** The account has no tunnel of the name that the program gives: perhaps not yet. */
  | { readonly kind: "noTunnel"; readonly tunnel: string; readonly why: string }
  /** The tunnel exists; nothing shows that asking Cloudflare about a key is harmless. */
  | { readonly kind: "unproven" }
  /** Cloudflare shows the timestamp of the existing key. */
  | { readonly kind: "sameTimestamp" }
  /** `validateInPreview` is false. */
  | { readonly kind: "off" }
  | { readonly kind: "unknown"; readonly what: keyof typeof UNKNOWN_TEXT }
  | { readonly kind: "noCredentials" }
  /** A failure leaves the question open. */
  | { readonly kind: "inconclusive"; readonly error: IpsecTunnelPskError; readonly reach: Reach };

const UNKNOWN_TEXT = {
  accountId: "Not validated: accountId is known only after up.",
  credentials: "Not validated: the provider's credentials are known only after up.",
  tunnel: "Not validated: the tunnel is known only after up. Account and credentials are valid.",
  existingKey: "Not checked: existingKey is known only after up.",
  psk: "Not validated: psk is known only after up. The tunnel exists.",
} as const;

const REACH_TEXT: Readonly<Record<Reach, string>> = {
  tunnel: "Not validated.",
  account: "Not validated, and neither is any other tunnel of this account.",
  credentials: "Not validated, and neither is any other tunnel with these credentials.",
};

/** Returns what a preview found out about a planned resource, as one line. */
export function findingText(finding: Finding): string {
  switch (finding.kind) {
    case "accepted":
      return "Cloudflare would accept this (validate_only: nothing was persisted).";
    case "exists":
      return `Not validated individually, because this preview has validated ${finding.maxPreviewValidations} tunnels (maxPreviewValidations). The tunnel exists.`;
    case "noTunnel":
      return `Not validated: the account has no tunnel ${finding.tunnel} yet; ${finding.why}. If this up does not create it, correct ipsecTunnelName. Account and credentials are valid.`;
    case "unproven":
      return "Not validated: validate_only gets your key only after a test on a tunnel without a key has shown that this changes nothing, and the account has no such tunnel. The tunnel exists.";
    case "sameTimestamp":
      return "Cloudflare shows the same timestamp for the active key.";
    case "off":
      return "Not validated: validateInPreview is false.";
    case "unknown":
      return UNKNOWN_TEXT[finding.what];
    case "noCredentials":
      return "Not validated.";
    case "inconclusive":
      return `Not validated: ${finding.error.details.summary}.`;
  }
}

/** Returns the warning that a finding needs; `undefined` if it needs none. */
export function warningText(finding: Finding, namespace?: Namespace): string | undefined {
  switch (finding.kind) {
    case "noCredentials":
      return `Not validated: no Cloudflare credentials are configured. \`pulumi up\` will fail without them. ${noCredentials(namespace).details.remedy}`;
    case "inconclusive":
      return `${REACH_TEXT[finding.reach]}\n${finding.error.message}`;
    default:
      return undefined;
  }
}

/** Returns what `up` will do with a planned resource, and why. */
export function planText(plan: Plan, isSecret: Secrecy, isMoved = false): string {
  switch (plan.kind) {
    case "takeOver":
      return hasUnknown(plan.key)
        ? "The existing key may be taken over: existingKey is known only after up. Nothing is generated."
        : `The existing key will be taken over, generated at ${plan.key.lastGeneratedOn}. Nothing is generated.`;
    case "generate":
    case "set": {
      const will = areCertain(plan.reasons) ? "will" : "may";
      const why = plan.reasons.map((reason) => reasonText(reason, isSecret)).join("; ");
      const what = plan.reasons.some(({ kind }) => kind === "pskUnknown")
        ? `A key ${will} be set, or generated if psk turns out to be missing`
        : plan.kind === "set"
          ? `The key that the program gives ${will} be set`
          : `A new key ${will} be generated`;
      return `${what}, active immediately: ${why}.\nYour router keeps using the old key until you deploy the new one.`;
    }
    case "find":
      return "The program names the tunnel differently, and no list shows that name yet. If up finds the same tunnel, its key is verified and kept; if not, up fails and generates nothing.";
    default: {
      // A failure that left something behind, or drift that was seen and is gone: neither is in the state.
      const why = isMoved
        ? "the native provider wrote the state of this resource"
        : "the last update failed, or Cloudflare has just shown another key";
      return `The key will be verified, and replaced only if it is no longer active: ${why}.`;
    }
  }
}

/** Returns the warning of an active key that a resource will replace which is new, or is being replaced: which of these, the engine does not say. */
export function activeKeyText({ ipsecTunnelId }: TunnelRef, lastGeneratedOn: string): string {
  return `Tunnel ${ipsecTunnelId} already has a key, generated at ${lastGeneratedOn}, which up will replace. If this resource is being replaced (--replace, a taint, replaceOnChanges), that is what a replacement does. If it is new, you can keep the key: set existingKey, or an alias if the resource was renamed.`;
}
