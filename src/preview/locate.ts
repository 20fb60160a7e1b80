import type { Inputs, ResolvedInputs } from "../psk/inputs";
import { ambiguous, isByName, pinIgnored, resolvedByState, resolvedTo, withId } from "../psk/resolution";
import { hasUnknown } from "../psk/sentinels";
import type { StoredState } from "../psk/state";
import { findNamed, namesInstead } from "../psk/tunnel-name";
import type { ListedTunnel } from "../tunnel";

/** The tunnel that a planned resource will have, as far as a preview can know it. */
export type Located =
  | { readonly kind: "found"; readonly inputs: ResolvedInputs }
  /** Its ID or its name is known only after `up`. */
  | { readonly kind: "unknown" }
  /** The account has no tunnel of that name, perhaps not yet. `why` says what it has instead. */
  | { readonly kind: "missing"; readonly why: string };

export interface LocateOptions {
  /** Lists the account's tunnels: as this preview has listed them, or again some seconds later. */
  readonly list: (age: "once" | "recentNames") => Promise<readonly ListedTunnel[]>;
  readonly warn: (text: string) => void;
}

/**
 * Finds the tunnel of a planned resource.
 *
 * @throws {IpsecTunnelPskError} `ERR_TUNNEL_NOT_FOUND` if several tunnels have its name.
 */
export async function locate(
  inputs: Inputs,
  state: StoredState | undefined,
  { list, warn }: LocateOptions,
): Promise<Located> {
  const stored = state && resolvedByState(inputs, state);
  if (stored !== undefined) return { kind: "found", inputs: stored };
  if (hasUnknown([inputs.ipsecTunnelId, inputs.ipsecTunnelName])) return { kind: "unknown" };
  if (!isByName(inputs)) return { kind: "found", inputs: withId(inputs) };

  const { ipsecTunnelName, ipsecTunnelCreatedOn: pin } = inputs;
  const sought = hasUnknown(pin) ? { ipsecTunnelName } : inputs;
  const listed = await list("once");
  const tunnels = findNamed(listed, sought).kind === "none" ? await list("recentNames") : listed;
  const match = findNamed(tunnels, sought);
  if (match.kind === "several") throw ambiguous(inputs);
  if (match.kind === "none") return { kind: "missing", why: namesInstead(tunnels, sought) };
  if (match.isPinIgnored) warn(pinIgnored(inputs));
  return { kind: "found", inputs: resolvedTo(inputs, match.tunnel) };
}
