import * as pulumi from "@pulumi/pulumi";

/** By `<account>/<tunnel>` in lower case; compared by identity, for resources of one name may stand below different parents. */
type Claims = Map<string, { readonly name: string }>;

/**
 * What all copies of this package in a process share. The shape is fixed for ever: copies of other releases use it, too.
 */
interface SharedClaims {
  /** Of programs, which their stack resource stands for: forgotten with it. */
  readonly programs: WeakMap<object, Claims>;
  /** Of a component provider, which has no stack resource, by the engine's address: those of the last deployment alone. */
  readonly components: Map<string, Claims>;
}

const SHARED = Symbol.for("pulumi-cloudflare-ipsec-psk.claims");

/**
 * Claims a tunnel for a resource, once its ids are known: a second resource would overwrite the first one's key.
 *
 * @returns The name of the resource that manages the tunnel already, in this process and deployment.
 */
export function claimTunnel(
  name: string,
  accountId: pulumi.Input<string>,
  ipsecTunnelId: pulumi.Input<string>,
): pulumi.Output<string | undefined> {
  const claims = claimsOfThisRun();
  const claim = { name };
  return pulumi.all([accountId, ipsecTunnelId]).apply(([account, tunnel]) => {
    const key = `${account}/${tunnel}`.toLowerCase();
    const owner = claims.get(key) ?? claim;
    claims.set(key, owner);
    // Not thrown: a failure in an output ends the program, and does not say whose it was.
    return owner === claim ? undefined : owner.name;
  });
}

function claimsOfThisRun(): Claims {
  const shared = sharedByAllCopies();
  const stack = pulumi.runtime.getStackResource();
  if (stack !== undefined) return claimsOf(shared.programs, stack);

  const engine = addressOfEngine();
  // Mocks: nothing tells one test from the next.
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
