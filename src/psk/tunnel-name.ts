import type { ListedTunnel } from "../tunnel";
import { quote } from "./quote";
import { isSameSecond } from "./timestamp";

/** How a program names a tunnel whose ID it does not know. */
export interface TunnelName {
  readonly accountId: string;
  readonly ipsecTunnelName: string;
  /** Pins the name to the tunnel that was created then: one that is created later under the same name is another tunnel. */
  readonly ipsecTunnelCreatedOn?: string;
}

/** What a list says to a name. */
export type Match =
  /** @param isPinIgnored - The program pins the name, but the list does not show when the tunnel was created. */
  | { readonly kind: "one"; readonly tunnel: ListedTunnel; readonly isPinIgnored: boolean }
  | { readonly kind: "none" }
  | { readonly kind: "several" };

/** Looks a name up in a list, byte for byte; a pin matches within its second, because some tools show whole seconds. */
export function findNamed(tunnels: readonly ListedTunnel[], sought: Omit<TunnelName, "accountId">): Match {
  const { ipsecTunnelName, ipsecTunnelCreatedOn: pin } = sought;
  const matching = tunnels.filter(
    ({ name, createdOn }) =>
      name === ipsecTunnelName && (pin === undefined || createdOn === undefined || isSameSecond(createdOn, pin)),
  );
  const [tunnel, ...others] = matching;
  if (tunnel === undefined) return { kind: "none" };
  if (others.length > 0) return { kind: "several" };
  return { kind: "one", tunnel, isPinIgnored: pin !== undefined && tunnel.createdOn === undefined };
}

const MOST_NAMES = 5;

/** Says what an account has instead of a name that it lacks, as part of a sentence: the closest names first. */
export function namesInstead(tunnels: readonly ListedTunnel[], sought: Omit<TunnelName, "accountId">): string {
  const { ipsecTunnelName, ipsecTunnelCreatedOn: pin } = sought;
  const createdOn = tunnels.find(({ name }) => name === ipsecTunnelName)?.createdOn;
  if (createdOn !== undefined && pin !== undefined)
    return `its tunnel of that name was created at ${createdOn}, not at ${pin}`;
  const closest = tunnels
    .flatMap(({ name }) => (name === undefined ? [] : { name, edits: editsBetween(name, ipsecTunnelName) }))
    .sort((a, b) => a.edits - b.edits);
  if (closest.length === 0)
    return tunnels.length === 0 ? "it has no IPsec tunnels" : "its list shows no names of tunnels";
  const shown = closest.slice(0, MOST_NAMES).map(({ name }) => quote(name));
  const rest = closest.length - shown.length;
  return `it has ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

// A name of thousands of characters must not cost minutes.
const MOST_COMPARED = 64;

/** Levenshtein's distance, without regard to case: https://en.wikipedia.org/wiki/Levenshtein_distance */
function editsBetween(one: string, other: string): number {
  const [from, to] = [one, other].map((name) => Array.from(name.toLowerCase()).slice(0, MOST_COMPARED)) as [
    string[],
    string[],
  ];
  let row = [0, ...to.map((_character, index) => index + 1)];
  from.forEach((character, line) => {
    const next = [line + 1];
    to.forEach((wanted, column) => {
      const substituted = (row[column] ?? 0) + (character === wanted ? 0 : 1);
      next.push(Math.min(substituted, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    });
    row = next;
  });
  return row.at(-1) ?? 0;
}
