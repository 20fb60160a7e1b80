import { canonical } from "./identifier";
import { ADDED_TUNNEL, API_OPTIONS, SIMULATOR_OPTIONS } from "./option-rules";
import { type CloudflareApiOptions, defaultAccounts, type SimulatorOptions, type TunnelOptions } from "./options";
import { mistakesIn, propertiesOf, refuse } from "./rules";
import { mistakeInTime } from "./sources";

/**
 * Checks for options that are unknown, malformed, or inconsistent with each other.
 *
 * @throws {RangeError} With every mistake.
 */
export function checkApiOptions(options: CloudflareApiOptions): void {
  refuse("create the simulated Cloudflare", [...mistakesIn(API_OPTIONS, options), ...inconsistenciesIn(options)]);
}

/** Does the same as {@link checkApiOptions}, with the options of the socket. */
export function checkSimulatorOptions(options: SimulatorOptions): void {
  refuse("start the simulator", [...mistakesIn(SIMULATOR_OPTIONS, options), ...inconsistenciesIn(options)]);
}

/** Returns the mistakes in the options of one tunnel, regardless of other tunnels. */
export function mistakesInTunnel(options: TunnelOptions): string[] {
  return mistakesIn(ADDED_TUNNEL, options);
}

/** A value in the options, and its path. */
type Place = readonly [path: string, value: unknown];

/** Returns the inconsistencies between options. Ignores malformed values, which are mistakes by themselves. */
function inconsistenciesIn(options: unknown): string[] {
  const { accounts = defaultAccounts, tokens, users, now } = propertiesOf(options);
  const owners = entriesOf(["accounts", accounts]);
  const tunnels = owners.map((owner) => entriesOf(within(owner, "tunnels")));
  const credentials = { tokens: entriesOf(["tokens", tokens]), users: entriesOf(["users", users]) };
  const grants = [...credentials.tokens, ...credentials.users];
  return [
    ...repetitionsIn(owners, "id", canonical),
    ...repetitionsIn(tunnels.flat(), "id", canonical),
    ...tunnels.flatMap((own) => repetitionsIn(own, "name")),
    ...repetitionsIn(credentials.tokens, "token"),
    ...repetitionsIn(credentials.users, "email"),
    ...grants
      .flatMap((grant) => entriesOf(within(grant, "accounts")))
      .filter(([, id]) => !owners.some((owner) => canonical(within(owner, "id")[1]) === canonical(id)))
      .map(([path]) => `${path} must be the ID of one of the accounts`),
    ...(typeof now === "function" ? [mistakeInTime((now as () => unknown)()) ?? []].flat() : []),
  ];
}

function repetitionsIn(entries: readonly Place[], name: string, read = (value: unknown) => value): string[] {
  const places = new Map<unknown, string>();
  return entries.flatMap((entry) => {
    const [path, given] = within(entry, name);
    const value = read(given);
    const first = places.get(value);
    if (first !== undefined) return [`${path} must be new: ${first} is the same`];
    if (value !== undefined) places.set(value, path);
    return [];
  });
}

function entriesOf([path, list]: Place): Place[] {
  return Array.isArray(list) ? list.map((entry: unknown, index) => [`${path}[${index}]`, entry]) : [];
}

function within([path, value]: Place, name: string): Place {
  return [`${path}.${name}`, propertiesOf(value)[name]];
}
