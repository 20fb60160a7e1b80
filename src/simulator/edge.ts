import type { Assumptions } from "./assumptions";
import { generatedKey } from "./generated-key";
import type { AccountOptions, TunnelOptions } from "./options";
import type { Instant } from "./timestamp";
import { createClock, parseInstant } from "./timestamp";

/** What Cloudflare keeps of one tunnel. */
export interface Tunnel {
  readonly id: string;
  readonly conduitId: string;
  /** By their API names; `psk` is never among them. */
  fields: Readonly<Record<string, unknown>>;
  readonly createdOn: Instant;
  modifiedOn: Instant;
  /** The key in force, which no call reads back. */
  psk?: string | undefined;
  generatedOn?: Instant | undefined;
  /** `generatedOn` as it stood before the last generation: what a lagging replica still shows. */
  generatedBefore?: Instant | undefined;
}

export interface Account {
  readonly id: string;
  readonly conduitId: string;
  readonly onboarded: boolean;
  readonly tunnels: Map<string, Tunnel>;
}

/** The accounts, their tunnels, and what is done to keys. Asks nobody for permission. */
export interface Edge {
  readonly accounts: ReadonlyMap<string, Account>;
  /** Every key there ever was, whether in force or only shown. */
  readonly issued: ReadonlySet<string>;
  /** A new tunnel that the account does not hold yet. */
  draft(account: Account, options: TunnelOptions): Tunnel;
  generate(tunnel: Tunnel): string;
  setKey(tunnel: Tunnel, psk: string, movesTimestamp: boolean): void;
  touch(tunnel: Tunnel): void;
}

export function createEdge(options: {
  readonly accounts: readonly AccountOptions[];
  readonly assumptions: Assumptions;
  readonly now: () => number;
  readonly random: (size: number) => Buffer;
}): Edge {
  const { assumptions, random } = options;
  const clock = createClock(options.now, random);
  const issued = new Set<string>();

  function draft(account: Account, { id = random(16).toString("hex"), ...rest }: TunnelOptions): Tunnel {
    const now = clock();
    const name = rest.name ?? `tunnel-${id.slice(0, 8)}`;
    const fields = { ...requiredFields, ...rest.fields, name };
    const tunnel: Tunnel = { id, conduitId: account.conduitId, fields, createdOn: now, modifiedOn: now };
    if (rest.psk !== undefined) setKey(tunnel, rest.psk, true);
    else if (rest.lastGeneratedOn !== undefined) generate(tunnel);
    if (rest.lastGeneratedOn !== undefined) tunnel.generatedOn = parseInstant(rest.lastGeneratedOn);
    return tunnel;
  }

  function generate(tunnel: Tunnel): string {
    const psk = generatedKey(assumptions.generatedKey, random);
    setKey(tunnel, psk, true);
    return psk;
  }

  function setKey(tunnel: Tunnel, psk: string, movesTimestamp: boolean): void {
    issued.add(psk);
    tunnel.psk = psk;
    if (!movesTimestamp) return;
    tunnel.generatedBefore = tunnel.generatedOn;
    tunnel.generatedOn = clock(tunnel.generatedOn);
  }

  function touch(tunnel: Tunnel): void {
    tunnel.modifiedOn = clock();
  }

  const edge: Edge = { accounts: new Map(options.accounts.map(openAccount)), issued, draft, generate, setKey, touch };
  for (const { id, tunnels = [] } of options.accounts) for (const tunnel of tunnels) addTunnel(edge, id, tunnel);
  return edge;
}

/** Puts a tunnel into an account without a request; the rules for requests hold all the same. */
export function addTunnel(edge: Edge, accountId: string, options: TunnelOptions): Tunnel {
  const account = edge.accounts.get(accountId);
  if (account === undefined) {
    throw new RangeError(`Cannot add a tunnel as its account must exist: current value is "${accountId}"`);
  }
  const tunnel = edge.draft(account, options);
  if (!isIdentifier(tunnel.id)) {
    throw new RangeError(`Cannot add a tunnel as its id must be 32 hex characters: current value is "${tunnel.id}"`);
  }
  if (findTunnel(edge, tunnel.id) !== undefined) {
    throw new RangeError(`Cannot add a tunnel as its id must be new: current value is "${tunnel.id}"`);
  }
  if (isNameTaken(account, tunnel.fields.name)) {
    throw new RangeError(`Cannot add a tunnel as its name must be new: current value is "${String(options.name)}"`);
  }
  account.tunnels.set(tunnel.id, tunnel);
  return tunnel;
}

export function findTunnel(edge: Edge, tunnelId: string): Tunnel | undefined {
  for (const account of edge.accounts.values()) {
    const tunnel = account.tunnels.get(tunnelId);
    if (tunnel !== undefined) return tunnel;
  }
  return undefined;
}

export function isNameTaken(account: Account, name: unknown, exceptBy?: string): boolean {
  return [...account.tunnels.values()].some((tunnel) => tunnel.fields.name === name && tunnel.id !== exceptBy);
}

export function isIdentifier(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}

function openAccount({ id, conduitId = "33145236", onboarded = true }: AccountOptions): [string, Account] {
  if (!isIdentifier(id)) {
    throw new RangeError(`Cannot open an account as its id must be 32 hex characters: current value is "${id}"`);
  }
  return [id, { id, conduitId, onboarded, tunnels: new Map() }];
}

const requiredFields = { cloudflare_endpoint: "203.0.113.1", interface_address: "10.213.0.8/31" };
