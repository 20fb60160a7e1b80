import { inMicroseconds, inNanoseconds } from "../../src/simulator/timestamp";

/** A key that the provider or someone else generated. */
export interface Key {
  readonly psk: string;
  readonly instant: bigint;
}

export interface Tunnel {
  /** Oldest first: the last one is active. */
  keys: readonly Key[];
  gone: boolean;
}

interface LateRequest {
  readonly tunnelId: string;
  readonly takesEffectAt: number;
  /** Milliseconds between the loss of its response and its effect. */
  readonly delayMs: number;
}

/** Cloudflare's side of the model, and the time. All of it is plain values, so that a copy is independent. */
export interface World {
  readonly operationTimeoutMs: number;
  /** Milliseconds by which the provider's clock is ahead of Cloudflare's. */
  readonly skewMs: number;
  now: number;
  tunnels: Map<string, Tunnel>;
  lateRequests: readonly LateRequest[];
  issued: number;
}

/** A world with one tunnel, which has no key yet. */
export function createWorld(operationTimeoutMs: number, skewMs: number): World {
  const world: World = {
    operationTimeoutMs,
    skewMs,
    now: Date.parse("2026-03-01T12:00:00Z"),
    tunnels: new Map(),
    lateRequests: [],
    issued: 0,
  };
  addTunnel(world);
  return world;
}

export function copyOf(world: World): World {
  return { ...world, tunnels: new Map([...world.tunnels].map(([id, tunnel]) => [id, { ...tunnel }])) };
}

/** Adds a tunnel, and returns its ID. Every second tunnel starts with a key. */
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

/** Generates an active key, and returns it. Keys of a tunnel are at least 2 ms apart: a round trip. */
export function addKey(world: World, tunnelId: string): Key {
  const tunnel = tunnelIn(world, tunnelId);
  world.issued += 1;
  // These fractions round to microseconds up, down, and into the next millisecond.
  const fraction = BigInt((world.issued * 617_283) % 999_983);
  const earliest = (tunnel.keys.at(-1)?.instant ?? 0n) + 2_000_000n;
  const present = BigInt(world.now) * 1_000_000n + fraction;
  const key = { psk: pskOf(world.issued), instant: present > earliest ? present : earliest };
  tunnel.keys = [...tunnel.keys, key];
  return key;
}

// Every second key has no hyphen, except for runs of keys that are longer than MAX_ATTEMPTS.
function pskOf(issued: number): string {
  return issued % 2 === 0 && issued % 14 < 5 ? `key${issued}` : `key-${issued}`;
}

export function addLateRequest(world: World, tunnelId: string, delayMs: number): void {
  world.lateRequests = [...world.lateRequests, { tunnelId, takesEffectAt: world.now + delayMs, delayMs }];
}

/** Lets time pass; late requests take effect at their times. */
export function pass(world: World, ms: number, onEffect?: (tunnelId: string) => void): void {
  const until = world.now + ms;
  for (const lateRequest of [...world.lateRequests].sort((a, b) => a.takesEffectAt - b.takesEffectAt)) {
    const { tunnelId, takesEffectAt } = lateRequest;
    if (takesEffectAt > until) break;
    world.lateRequests = world.lateRequests.filter((other) => other !== lateRequest);
    if (tunnelIn(world, tunnelId).gone) continue;
    world.now = takesEffectAt;
    addKey(world, tunnelId);
    onEffect?.(tunnelId);
  }
  world.now = until;
}

/** Returns the timestamp as the response of psk_generate has it. */
export function inResponse({ instant }: Key): string {
  return inNanoseconds(instant);
}

/** Returns the timestamp as reads show it. */
export function inRead({ instant }: Key): string {
  return inMicroseconds(instant);
}
