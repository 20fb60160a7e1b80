import * as pulumi from "@pulumi/pulumi";
import { canonicalId } from "../tunnel";
import type { ResolvedInputs } from "../psk/inputs";
import type { TunnelNaming } from "./tunnel-argument";

/** By `<account>/<tunnel>` in lower case, and by `<account>/name:<name of the tunnel>`; compared by identity, because resources below different parents may have one name. */
type Claims = Map<string, { readonly name: string }>;

/**
 * What all copies of this package in a process share. The shape is fixed forever, because copies of other releases use it.
 */
interface SharedClaims {
  /** The claims of programs, by their stack resource: forgotten with it. */
  readonly programs: WeakMap<object, Claims>;
  /** The claims of a component provider, which has no stack resource, by the engine's address: only the last deployment's. */
  readonly components: Map<string, Claims>;
}

const SHARED = Symbol.for("pulumi-cloudflare-ipsec-psk.claims");

/**
 * Claims a tunnel for a resource, once its ID or name is known: a second resource would overwrite the key of the first.
 *
 * @returns The name of the resource that already manages the tunnel, in this process and deployment.
 */
export function claimTunnel(
  name: string,
  { accountId, ipsecTunnelId, ipsecTunnelName }: TunnelNaming,
): pulumi.Output<string | undefined> {
  const claims = claimsOfThisRun();
  const claim = { name };
  return pulumi.all([accountId, ipsecTunnelId, ipsecTunnelName]).apply(([account, tunnel, tunnelName]) => {
    // Before the check of the arguments, which makes them canonical. Not strings: the check says so.
    const key = tunnelName === undefined ? idKey(account, tunnel) : nameKey(account, tunnelName);
    const owner = claims.get(key) ?? claim;
    claims.set(key, owner);
    // Not thrown: a failure in an output ends the program, and does not name the resource.
    return owner === claim ? undefined : owner.name;
  });
}

/**
 * Claims the tunnel that a name turned out to be, for the resource that has claimed the name.
 *
 * @returns The name of the resource that already manages the tunnel.
 */
export function claimResolved({ accountId, ipsecTunnelId, ipsecTunnelName }: ResolvedInputs): string | undefined {
  const claims = claimsOfThisRun();
  const claim = ipsecTunnelName === undefined ? undefined : claims.get(nameKey(accountId, ipsecTunnelName));
  if (claim === undefined) return undefined;
  const owner = claims.get(idKey(accountId, ipsecTunnelId)) ?? claim;
  claims.set(idKey(accountId, ipsecTunnelId), owner);
  return owner === claim ? undefined : owner.name;
}

function idKey(accountId: unknown, ipsecTunnelId: unknown): string {
  return canonicalId(`${String(accountId)}/${String(ipsecTunnelId)}`);
}

function nameKey(accountId: unknown, ipsecTunnelName: unknown): string {
  return `${canonicalId(String(accountId))}/name:${String(ipsecTunnelName)}`;
}

function claimsOfThisRun(): Claims {
  const shared = sharedByAllCopies();
  const stack = pulumi.runtime.getStackResource();
  if (stack !== undefined) return claimsOf(shared.programs, stack);

  const engine = addressOfEngine();
  // Mocks: nothing distinguishes one test from the next.
  if (engine === undefined) return new Map();
  if (!shared.components.has(engine)) shared.components.clear();
  return claimsOf(shared.components, engine);
}

function sharedByAllCopies(): SharedClaims {
  const global = globalThis as { [SHARED]?: SharedClaims | undefined };
  return (global[SHARED] ??= { programs: new WeakMap(), components: new Map() });
}

function claimsOf<Run>(runs: { get(run: Run): Claims | undefined; set(run: Run, claims: Claims): unknown }, run: Run) {
  const claims = runs.get(run) ?? (new Map() as Claims);
  runs.set(run, claims);
  return claims;
}

function addressOfEngine(): string | undefined {
  const monitor = pulumi.runtime.getMonitor() as { getChannel?(): { getTarget(): string } } | undefined;
  const address = monitor?.getChannel?.().getTarget();
  // A preview and the `up` after it may meet at one address.
  return address === undefined ? undefined : `${address} ${pulumi.runtime.isDryRun() ? "preview" : "up"}`;
}
