import { inMicroseconds, inNanoseconds } from "../../src/simulator/timestamp";

/** A key that the provider or someone else generated or set. */
export interface Key {
  readonly psk: string;
  readonly instant: bigint;
  /** What Cloudflare shows while the key is active: the instant of an earlier one, or none, if setting a key does not move it. */
  readonly shown: bigint | undefined;
}

export interface Tunnel {
  /** Oldest first: the last one is active. */
  keys: readonly Key[];
  gone: boolean;
}

interface LateRequest {
  readonly tunnelId: string;
  /** The key that it sets; `undefined` if it generates one. */
  readonly psk: string | undefined;
  readonly takesEffectAt: number;
  /** Milliseconds between the loss of its response and its effect. */
  readonly delayMs: number;
}

/** Cloudflare's side of the model, and the time. All of it is plain values, so that a copy is independent. */
export interface World {
  readonly operationTimeoutMs: number;
  /** Milliseconds by which the provider's clock is ahead of Cloudflare's. */
  readonly skewMs: number;
  /** Whether a key that is set moves the tunnel's timestamp, as a generated one does. */
  readonly setMovesTimestamp: boolean;
  now: number;
  tunnels: Map<string, Tunnel>;
  lateRequests: readonly LateRequest[];
  issued: number;
}

/** A world with one tunnel, which has no key yet. */
export function createWorld(rules: Pick<World, "operationTimeoutMs" | "skewMs" | "setMovesTimestamp">): World {
  const world: World = {
    ...rules,
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

/** Generates or sets the active key, and returns it. Keys of a tunnel are at least 2 ms apart: a round trip. */
export function addKey(world: World, tunnelId: string, psk?: string): Key {
  const tunnel = tunnelIn(world, tunnelId);
  world.issued += 1;
  // These fractions round to microseconds up, down, and into the next millisecond.
  const fraction = BigInt((world.issued * 617_283) % 999_983);
  const last = tunnel.keys.at(-1);
  const earliest = (last?.instant ?? 0n) + 2_000_000n;
  const present = BigInt(world.now) * 1_000_000n + fraction;
  const instant = present > earliest ? present : earliest;
  const shown = psk === undefined || world.setMovesTimestamp ? instant : last?.shown;
  const key = { psk: psk ?? pskOf(world.issued), instant, shown };
  tunnel.keys = [...tunnel.keys, key];
  return key;
}

// Every second key has no hyphen, except for runs of keys that are longer than MAX_INCOMPATIBLE_KEYS.
function pskOf(issued: number): string {
  return issued % 2 === 0 && issued % 14 < 5 ? `key${issued}` : `key-${issued}`;
}

export function addLateRequest(world: World, tunnelId: string, delayMs: number, psk?: string): void {
  world.lateRequests = [...world.lateRequests, { tunnelId, psk, takesEffectAt: world.now + delayMs, delayMs }];
}

/** Lets time pass; late requests take effect at their times. */
export function pass(world: World, ms: number, onEffect?: (tunnelId: string) => void): void {
  const until = world.now + ms;
  for (const lateRequest of [...world.lateRequests].sort((a, b) => a.takesEffectAt - b.takesEffectAt)) {
    const { tunnelId, psk, takesEffectAt } = lateRequest;
    if (takesEffectAt > until) break;
    world.lateRequests = world.lateRequests.filter((other) => other !== lateRequest);
    if (tunnelIn(world, tunnelId).gone) continue;
    world.now = takesEffectAt;
    addKey(world, tunnelId, psk);
    onEffect?.(tunnelId);
  }
  world.now = until;
}

/** Returns the timestamp as the response with the key has it. */
export function inResponse({ shown }: Key): string | undefined {
  return shown === undefined ? undefined : inNanoseconds(shown);
}

/** Returns the timestamp as reads show it. */
export function inRead({ shown }: Key): string | undefined {
  return shown === undefined ? undefined : inMicroseconds(shown);
}

/** Returns the index of the key to which the timestamp of a key belongs: its own, that of an earlier one, or -1 for none. */
export function shownIndex({ keys }: Tunnel, index: number): number {
  const key = keys[index];
  return keys.findIndex(({ instant }) => instant === key?.shown);
}
