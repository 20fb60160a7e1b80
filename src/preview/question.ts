import { randomBytes } from "node:crypto";
import type { CallOptions, CloudflareClient } from "../cloudflare/client";
import { validatePskGeneration, validatePskSetting } from "../cloudflare/ipsec-tunnels";
import type { IpsecTunnel } from "../cloudflare/shown-tunnels";
import type { TunnelRef } from "../tunnel";

type Ask = (client: CloudflareClient, tunnel: TunnelRef, options: CallOptions) => Promise<void>;

/** What a preview asks Cloudflare with `validate_only` about one tunnel, and how it proves that asking is harmless. */
export interface Question {
  readonly kind: "generate" | "set";
  readonly ask: Ask;
  /** Asks the same without anything that must not get to another tunnel. */
  readonly probe: Ask;
  /** Tunnels on which to prove it, in order; each is used if the one before is refused. */
  readonly probesFor: (tunnel: TunnelRef, tunnels: readonly IpsecTunnel[]) => readonly TunnelRef[];
  /** Whether a probe has also answered the question for its tunnel. */
  readonly isSettledByProbe: boolean;
  /** Completes "Cannot" and "validate_only has". */
  readonly words: { readonly cannot: string; readonly has: string };
}

const GENERATION: Question = {
  kind: "generate",
  ask: validatePskGeneration,
  probe: validatePskGeneration,
  // One without a key, because it carries no traffic; then the one that is to be validated anyway. Never another one with a key.
  probesFor: (tunnel, tunnels) => {
    const [keyless] = keylessAmong(tunnel, tunnels);
    return keyless === undefined || isSame(keyless, tunnel) ? [tunnel] : [keyless, tunnel];
  },
  isSettledByProbe: true,
  words: { cannot: "generate a key for", has: "generated a key for" },
};

// If two tunnels refuse the probe, more would hardly help.
const MAX_PROBES = 2;

function settingOf(psk: string): Question {
  return {
    kind: "set",
    ask: (client, tunnel, options) => validatePskSetting(client, tunnel, psk, options),
    // Letters and digits, which no rule refuses. It is used once and kept nowhere.
    probe: (client, tunnel, options) => validatePskSetting(client, tunnel, randomBytes(24).toString("hex"), options),
    // Setting a key may not move the timestamp of a tunnel that has one: only one without a key proves anything.
    probesFor: (tunnel, tunnels) => keylessAmong(tunnel, tunnels).slice(0, MAX_PROBES),
    isSettledByProbe: false,
    words: { cannot: "set the key of", has: "set a key on" },
  };
}

/** Returns the question about a generation, or about setting a key. */
export function questionOf(psk: string | undefined): Question {
  return psk === undefined ? GENERATION : settingOf(psk);
}

function keylessAmong({ accountId }: TunnelRef, tunnels: readonly IpsecTunnel[]): TunnelRef[] {
  return tunnels
    .filter(({ lastGeneratedOn }) => lastGeneratedOn === undefined)
    .map(({ id }) => ({ accountId, ipsecTunnelId: id }));
}

function isSame(a: TunnelRef, b: TunnelRef): boolean {
  return a.ipsecTunnelId === b.ipsecTunnelId;
}
