import type { Assumptions } from "./assumptions";
import { mistakesInTunnel } from "./check-options";
import type { AccountOptions, TunnelOptions } from "./options";
import { canonical, isIdentifier } from "./identifier";
import { refusal } from "./rules";
import type { Instant } from "./timestamp";
import { createClock, parseInstant } from "./timestamp";

/** One tunnel, as Cloudflare keeps it. */
export interface Tunnel {
  readonly id: string;
  readonly conduitId: string;
  /** By their API names; `psk` is never among them. */
  fields: Readonly<Record<string, unknown>>;
  createdOn: Instant;
  modifiedOn: Instant;
  /** The active key, which no call returns again. */
  psk?: string | undefined;
  generatedOn?: Instant | undefined;
  /** `generatedOn` before the last generation, which a lagging replica still shows. */
  generatedBefore?: Instant | undefined;
}

export interface Account {
  readonly id: string;
  readonly conduitId: string;
  readonly onboarded: boolean;
  readonly tunnels: Map<string, Tunnel>;
}

type Draft = TunnelOptions & Required<Pick<TunnelOptions, "id" | "name">>;

/** The accounts and their tunnels, and the operations on keys. Checks no permissions. */
export interface Edge {
  readonly accounts: ReadonlyMap<string, Account>;
  /** Every key that was ever active, or only shown. */
  readonly issued: ReadonlySet<string>;
  /** The ID of every tunnel that ever existed, or was only shown. */
  readonly tunnelIds: ReadonlySet<string>;
  newTunnelId(): string;
  /** Creates a tunnel that the account does not have yet. */
  draft(account: Account, options: Draft): Tunnel;
  generate(tunnel: Tunnel): string;
  setKey(tunnel: Tunnel, psk: string, movesTimestamp: boolean): void;
  /** Changes some fields, and leaves the others: one that is `null` is cleared. */
  change(tunnel: Tunnel, fields: Tunnel["fields"]): void;
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
  const tunnelIds = new Set<string>();

  function newTunnelId(): string {
    return random(16).toString("hex");
  }

  function draft(account: Account, { id, name, ...rest }: Draft): Tunnel {
    tunnelIds.add(id);
    const now = clock();
    const fields = withoutNulls({ ...requiredFields, ...rest.fields, name });
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

  function change(tunnel: Tunnel, fields: Tunnel["fields"]): void {
    const { name } = tunnel.fields;
    tunnel.fields = withoutNulls({ ...tunnel.fields, ...fields });
    tunnel.modifiedOn = clock();
    if (tunnel.fields.name !== name && !assumptions.renameKeepsCreatedOn) tunnel.createdOn = tunnel.modifiedOn;
  }

  const accounts = new Map(options.accounts.map(openAccount));
  const edge: Edge = { accounts, issued, tunnelIds, newTunnelId, draft, generate, setKey, change };
  for (const { id, tunnels = [] } of options.accounts) for (const tunnel of tunnels) addTunnel(edge, id, tunnel);
  return edge;
}

/**
 * Adds a tunnel to an account without a request, by the same rules.
 *
 * @throws {RangeError} With every mistake in the options.
 */
export function addTunnel(edge: Edge, accountId: string, options: TunnelOptions): Tunnel {
  const id = canonical(options.id ?? edge.newTunnelId());
  const { name = `tunnel-${id}`.slice(0, 15) } = options;
  const account = edge.accounts.get(canonical(accountId));
  const clashes: readonly (readonly [boolean, string])[] = [
    [isIdentifier(id), "id must be 32 hexadecimal characters"],
    [findTunnel(edge, id) === undefined, "id must be new: another tunnel has it"],
    [account === undefined || !isNameTaken(account, name), "name must be new: another tunnel of the account has it"],
    [account !== undefined, "accountId must be the ID of one of the accounts"],
  ];
  const mistakes = [...mistakesInTunnel(options), ...clashes.flatMap(([holds, rule]) => (holds ? [] : [rule]))];
  if (account === undefined || mistakes.length > 0) throw refusal("add the tunnel", mistakes);

  const tunnel = edge.draft(account, { ...options, id, name });
  account.tunnels.set(id, tunnel);
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

function openAccount({ id: given, conduitId = "33145236", onboarded = true }: AccountOptions): [string, Account] {
  const id = canonical(given);
  return [id, { id, conduitId, onboarded, tunnels: new Map() }];
}

/** Drops what is `null`, also within objects: the API's types have no field that is. */
function withoutNulls(fields: object): Record<string, unknown> {
  const left = Object.entries(fields).filter(([, value]) => value !== null);
  return Object.fromEntries(left.map(([name, value]) => [name, isMap(value) ? withoutNulls(value) : value]));
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && !Array.isArray(value);
}

const requiredFields = { cloudflare_endpoint: "203.0.113.1", interface_address: "10.213.0.8/31" };

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Generates a key as Cloudflare is assumed to do; see {@link Assumptions.generatedKey}. */
function generatedKey(form: Assumptions["generatedKey"], random: (size: number) => Buffer): string {
  const bytes = random(32);
  if (form === "base64url-43") return bytes.toString("base64url");

  // 32 digits in base 62 are 190.5 bits; 256 random bits leave a bias far too small to matter.
  let rest = BigInt(`0x${bytes.toString("hex")}`);
  return Array.from({ length: 32 }, () => {
    const digit = ALPHANUMERIC.charAt(Number(rest % 62n));
    rest /= 62n;
    return digit;
  }).join("");
}
