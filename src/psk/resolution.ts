/** Which tunnel a resource's arguments name: by its ID, or by its name, which a list of the account's tunnels resolves. */
import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import { instantMs } from "../rfc3339";
import type { ListedTunnel, Operation } from "../tunnel";
import type { Clock, Deadline } from "./deadline";
import type { Inputs, ResolvedInputs } from "./inputs";
import type { Limits } from "./limits";
import { quote } from "./quote";
import { hasUnknown } from "./sentinels";
import type { StoredState } from "./state";
import { isSameSecond } from "./timestamp";
import type { TunnelApi } from "./tunnel-api";
import { findNamed, namesInstead, type TunnelName } from "./tunnel-name";

/** How a program named a tunnel, if it did so by its name. */
export type Naming = Partial<Omit<TunnelName, "accountId">>;

/** Tells whether arguments name their tunnel by its name. */
export function isByName(inputs: Inputs): inputs is Inputs & TunnelName {
  return inputs.ipsecTunnelName !== undefined;
}

/** Names a tunnel in a message as the program does: by its ID, or by its name in quotes. */
export function tunnelText({
  ipsecTunnelId,
  ipsecTunnelName,
}: Pick<Inputs, "ipsecTunnelId" | "ipsecTunnelName">): string {
  if (hasUnknown([ipsecTunnelId, ipsecTunnelName])) return "(known only after up)";
  return ipsecTunnelName === undefined ? (ipsecTunnelId ?? "") : quote(ipsecTunnelName);
}

/** Returns arguments that name their tunnel by its ID; the check of the arguments refuses those that have neither. */
export function withId(inputs: Inputs): ResolvedInputs {
  return inputs as ResolvedInputs;
}

/** Returns arguments with the tunnel that their name turned out to be. */
export function resolvedTo(inputs: Inputs, { id, createdOn }: ListedTunnel): ResolvedInputs {
  const known = createdOn ?? inputs.ipsecTunnelCreatedOn;
  return { ...inputs, ipsecTunnelId: id, ...given({ ipsecTunnelCreatedOn: known }) };
}

/**
 * Returns arguments with the stored tunnel, as far as they are known to name it without a look at a list: an unknown name or pin
 * may turn out to be any, so it counts as the stored one.
 *
 * @param last - How the last `up` named the tunnel: a new name alone writes no state. Default: as when the state was written.
 * @returns `undefined` if only a list can tell.
 */
export function resolvedByState(inputs: Inputs, state: StoredState, last: Naming = state): ResolvedInputs | undefined {
  if (!isByName(inputs)) return withId(inputs);
  const { accountId, ipsecTunnelName, ipsecTunnelCreatedOn: pin } = inputs;
  // Another account means another tunnel, whatever its ID.
  const isSame =
    hasUnknown([accountId, ipsecTunnelName, pin]) ||
    accountId !== state.accountId ||
    (ipsecTunnelName === last.ipsecTunnelName &&
      (pin === undefined || pin === last.ipsecTunnelCreatedOn || isPinOf(pin, state)));
  return isSame ? keptTunnel(inputs, state) : undefined;
}

/** Returns arguments that turned out to name the stored tunnel. */
export function keptTunnel(inputs: Inputs, state: StoredState): ResolvedInputs {
  if (!isByName(inputs)) return withId(inputs);
  const { ipsecTunnelId: id, ipsecTunnelCreatedOn: createdOn } = state;
  // Both may come from one tunnel, which is known only after `up`.
  const accountId = hasUnknown(inputs.accountId) ? state.accountId : inputs.accountId;
  return resolvedTo({ ...inputs, accountId }, { id, ...given({ createdOn }) });
}

function isPinOf(pin: string, { ipsecTunnelCreatedOn: createdOn }: StoredState): boolean {
  return createdOn !== undefined && isSameSecond(pin, createdOn);
}

/** Reads of an account's list outside of an update. They never fail: `undefined` means that nothing is known. */
export interface NameReads {
  /** The list that this process has, whatever its age. */
  atHand(accountId: string): Promise<readonly ListedTunnel[] | undefined>;
  /** A list that is sent after this call. */
  fresh(accountId: string): Promise<readonly ListedTunnel[] | undefined>;
}

/** What a diff finds out about the tunnel that the arguments name. */
export type Resolution =
  | { readonly kind: "found"; readonly inputs: ResolvedInputs }
  /** It is not the stored one, but no list shows it yet. */
  | { readonly kind: "another" }
  /** No list shows it. An update says so, and a diff does not: a list may lag behind. */
  | { readonly kind: "missing" };

/**
 * Looks up a name that is not the stored one, or a pin that is not that of the stored tunnel. Only a fresh list shows another tunnel:
 * tunnels may have been renamed since the one at hand.
 */
export async function resolveChanged(
  reads: NameReads,
  inputs: Inputs & TunnelName,
  state: StoredState,
): Promise<Resolution> {
  const atHand = (await reads.atHand(inputs.accountId)) ?? [];
  const known = findNamed(atHand, inputs);
  if (known.kind === "one" && known.tunnel.id === state.ipsecTunnelId) return found(inputs, known.tunnel);

  const latest = (await reads.fresh(inputs.accountId)) ?? [];
  const match = findNamed(latest, inputs);
  if (match.kind === "one") return found(inputs, match.tunnel);

  const { ipsecTunnelCreatedOn: pin } = inputs;
  const stored = [...latest, ...atHand].find(({ id }) => id === state.ipsecTunnelId);
  const createdOn = state.ipsecTunnelCreatedOn ?? stored?.createdOn;
  const isAnother = pin !== undefined && createdOn !== undefined && !isSameSecond(pin, createdOn);
  return { kind: isAnother ? "another" : "missing" };
}

function found(inputs: Inputs, tunnel: ListedTunnel): Resolution {
  return { kind: "found", inputs: resolvedTo(inputs, tunnel) };
}

/**
 * Looks whether the list at hand shows another tunnel under a name that is not pinned, and a fresh one still does, if it can be read.
 *
 * @returns `undefined` if they do not.
 */
export async function movedName(
  reads: NameReads,
  inputs: Inputs & TunnelName,
  state: StoredState,
): Promise<ResolvedInputs | undefined> {
  const { accountId } = inputs;
  const atHand = await reads.atHand(accountId);
  if (anotherIn(atHand, inputs, state) === undefined) return undefined;
  const moved = anotherIn((await reads.fresh(accountId)) ?? atHand, inputs, state);
  return moved && resolvedTo(inputs, moved);
}

function anotherIn(
  tunnels: readonly ListedTunnel[] = [],
  inputs: Inputs & TunnelName,
  state: StoredState,
): ListedTunnel | undefined {
  const match = findNamed(tunnels, inputs);
  return match.kind === "one" && match.tunnel.id !== state.ipsecTunnelId ? match.tunnel : undefined;
}

// A list may lag behind a creation. So a tunnel that was created just now is waited for until the operation ends.
const YOUNG_MS = 300_000;
const DOUBLINGS = 3;

/**
 * Finds the tunnel that the arguments name, in a list that is at hand or in fresh ones: after 1, 2, 4 and 8 s, and then, as long as
 * the tunnel is said to be younger than 5 minutes, every 8 s until the operation's time is over.
 *
 * @throws {IpsecTunnelPskError} `ERR_TUNNEL_NOT_FOUND`
 */
export async function resolve(
  tunnels: Pick<TunnelApi, "list">,
  inputs: Inputs,
  context: {
    readonly operation: Operation;
    readonly deadline: Deadline;
    readonly clock: Clock;
    readonly limits: Limits;
  },
): Promise<ResolvedInputs> {
  if (!isByName(inputs)) return withId(inputs);
  const { operation, deadline, clock, limits } = context;
  const isYoung = Math.abs(clock.now() - instantMs(inputs.ipsecTunnelCreatedOn)) < YOUNG_MS;
  let list = await tunnels.list(inputs.accountId, "recent", operation);
  for (let waits = 0; ; waits++) {
    const match = findNamed(list, inputs);
    if (match.kind === "several") throw ambiguous(inputs);
    if (match.kind === "one") {
      if (match.isPinIgnored) operation.announce(pinIgnored(inputs));
      return resolvedTo(inputs, match.tunnel);
    }
    const isOver = waits >= limits.maxReads && !isYoung;
    const waitMs = waits === 0 ? 0 : limits.lagWaitMs * 2 ** Math.min(waits - 1, DOUBLINGS);
    if (isOver || !(await deadline.sleep(waitMs))) throw notFound(inputs, list);
    list = await tunnels.list(inputs.accountId, "fresh", operation);
  }
}

// Raised if an account has no tunnel of a name.
function notFound(inputs: Inputs & TunnelName, list: readonly ListedTunnel[]): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_TUNNEL_NOT_FOUND", {
    summary: `Cannot find IPsec tunnel ${tunnelText(inputs)} in account ${inputs.accountId}: ${namesInstead(list, inputs)}`,
    remedy:
      "Correct ipsecTunnelName, ipsecTunnelCreatedOn or accountId, or create the tunnel first. Nothing was generated.",
  });
}

/** Returns the error raised if a list shows several tunnels of a name. */
export function ambiguous(inputs: Inputs & TunnelName): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_TUNNEL_NOT_FOUND", {
    summary: `Cannot find IPsec tunnel ${tunnelText(inputs)} in account ${inputs.accountId}: several tunnels in the account have that name`,
    remedy: "Add ipsecTunnelCreatedOn, or set ipsecTunnelId instead of the name. Nothing was generated.",
  });
}

/** Returns the error raised if an update finds that the name has become that of another tunnel, which only a replacement can follow. */
export function movedSincePlan(inputs: ResolvedInputs, state: StoredState): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_TUNNEL_NOT_FOUND", {
    summary: `Cannot update the key of IPsec tunnel ${state.ipsecTunnelId}: the name ${tunnelText(inputs)} now belongs to another tunnel, which Cloudflare's list did not show when this was planned`,
    remedy: "Run `pulumi up` again: it replaces this resource. Nothing was generated.",
    nextStep: "retry",
  });
}

/** Returns the warning that a pin could not be compared. */
export function pinIgnored({ ipsecTunnelName }: Pick<TunnelName, "ipsecTunnelName">): string {
  return `ipsecTunnelCreatedOn was not compared, because Cloudflare's list does not show when tunnel ${quote(ipsecTunnelName)} was created`;
}
