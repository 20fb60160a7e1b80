import { ADDED_TUNNEL, API_OPTIONS, SIMULATOR_OPTIONS } from "./option-rules";
import { type CloudflareApiOptions, defaultAccounts, type SimulatorOptions, type TunnelOptions } from "./options";
import { mistakesIn, propertiesOf, refuse } from "./rules";

/**
 * Refuses options that are unknown, malformed, or at odds with each other.
 *
 * @throws {RangeError} With every mistake.
 */
export function checkApiOptions(options: CloudflareApiOptions): void {
  refuse("create the simulated Cloudflare", [...mistakesIn(API_OPTIONS, options), ...oddsIn(options)]);
}

/** As {@link checkApiOptions}, with the options of the socket. */
export function checkSimulatorOptions(options: SimulatorOptions): void {
  refuse("start the simulator", [...mistakesIn(SIMULATOR_OPTIONS, options), ...oddsIn(options)]);
}

/** What is wrong with the options of one more tunnel, whatever others there are. */
export function mistakesInTunnel(options: TunnelOptions): string[] {
  return mistakesIn(ADDED_TUNNEL, options);
}

/** Something in the options, and where it stands there. */
type Place = readonly [path: string, value: unknown];

/** What no option shows alone. Takes what is malformed for nothing, because it is a mistake of its own. */
function oddsIn(options: unknown): string[] {
  const { accounts = defaultAccounts, tokens, users } = propertiesOf(options);
  const owners = entriesOf(["accounts", accounts]);
  const tunnels = owners.map((owner) => entriesOf(within(owner, "tunnels")));
  const credentials = { tokens: entriesOf(["tokens", tokens]), users: entriesOf(["users", users]) };
  const grants = [...credentials.tokens, ...credentials.users];
  return [
    ...repetitionsIn(owners, "id"),
    ...repetitionsIn(tunnels.flat(), "id"),
    ...tunnels.flatMap((own) => repetitionsIn(own, "name")),
    ...repetitionsIn(credentials.tokens, "token"),
    ...repetitionsIn(credentials.users, "email"),
    ...grants
      .flatMap((grant) => entriesOf(within(grant, "accounts")))
      .filter(([, id]) => !owners.some((owner) => within(owner, "id")[1] === id))
      .map(([path]) => `${path} must be the ID of one of the accounts`),
  ];
}

function repetitionsIn(entries: readonly Place[], name: string): string[] {
  const places = new Map<unknown, string>();
  return entries.flatMap((entry) => {
    const [path, value] = within(entry, name);
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
