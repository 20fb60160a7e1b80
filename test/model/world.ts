import { inMicroseconds, inNanoseconds } from "../../src/simulator/timestamp";

/** A key that was generated, by whomever. */
export interface Key {
  readonly psk: string;
  readonly instant: bigint;
}

export interface Tunnel {
  /** Oldest first: the last one is in force. */
  keys: readonly Key[];
  gone: boolean;
}

interface Straggler {
  readonly tunnelId: string;
  readonly landsAt: number;
  /** Milliseconds between the moment at which its answer was given up and its effect. */
  readonly delayMs: number;
}

/** Cloudflare's side of the model, and the time. Everything in it is a value, so that a copy is a world of its own. */
export interface World {
  readonly operationTimeoutMs: number;
  /** Milliseconds by which the provider's clock is ahead of Cloudflare's. */
  readonly skewMs: number;
  now: number;
  tunnels: Map<string, Tunnel>;
  stragglers: readonly Straggler[];
  issued: number;
}

/** A world with one tunnel, which has no key yet. */
export function createWorld(operationTimeoutMs: number, skewMs: number): World {
  const world: World = {
    operationTimeoutMs,
    skewMs,
    now: Date.parse("2026-03-01T12:00:00Z"),
    tunnels: new Map(),
    stragglers: [],
    issued: 0,
  };
  addTunnel(world);
  return world;
}

export function copyOf(world: World): World {
  return { ...world, tunnels: new Map([...world.tunnels].map(([id, tunnel]) => [id, { ...tunnel }])) };
}

/** Adds a tunnel, and returns its id. Every other tunnel has a key already. */
export function addTunnel(world: World): string {
  const id = (world.tunnels.size + 1).toString(16).padStart(32, "0");
  world.tunnels.set(id, { keys: [], gone: false });
  if (world.tunnels.size % 2 === 0) addKey(world, id);
  return id;
}

export function tunnelIn(world: World, id: string): Tunnel {
  const tunnel = world.tunnels.get(id);
  if (tunnel === undefined) throw new Error(`No tunnel ${id}`);
  return tunnel;
}

/** Puts a new key in force, and returns it. Keys of a tunnel are 2 ms apart or more: a round trip. */
export function addKey(world: World, tunnelId: string): Key {
  const tunnel = tunnelIn(world, tunnelId);
  world.issued += 1;
  // Any fraction will do that rounding to microseconds takes up, down, and into the next millisecond.
  const fraction = BigInt((world.issued * 617_283) % 999_983);
  const earliest = (tunnel.keys.at(-1)?.instant ?? 0n) + 2_000_000n;
  const present = BigInt(world.now) * 1_000_000n + fraction;
  const key = { psk: pskOf(world.issued), instant: present > earliest ? present : earliest };
  tunnel.keys = [...tunnel.keys, key];
  return key;
}

// Every second one suits whoever takes no hyphen, but for runs that are longer than anybody's tries.
function pskOf(issued: number): string {
  return issued % 2 === 0 && issued % 14 < 5 ? `key${issued}` : `key-${issued}`;
}

export function addStraggler(world: World, tunnelId: string, delayMs: number): void {
  world.stragglers = [...world.stragglers, { tunnelId, landsAt: world.now + delayMs, delayMs }];
}

/** Lets time pass; stragglers take effect at their own times. */
export function pass(world: World, ms: number, onLanding?: (tunnelId: string) => void): void {
  const until = world.now + ms;
  for (const straggler of [...world.stragglers].sort((a, b) => a.landsAt - b.landsAt)) {
    const { tunnelId, landsAt } = straggler;
    if (landsAt > until) break;
    world.stragglers = world.stragglers.filter((other) => other !== straggler);
    if (tunnelIn(world, tunnelId).gone) continue;
    world.now = landsAt;
    addKey(world, tunnelId);
    onLanding?.(tunnelId);
  }
  world.now = until;
}

/** As psk_generate answers. */
export function answered({ instant }: Key): string {
  return inNanoseconds(instant);
}

/** As reads show it. */
export function shown({ instant }: Key): string {
  return inMicroseconds(instant);
}
