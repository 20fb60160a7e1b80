import type { Fault } from "./faults";
import { tunnelIn, type World } from "./world";

/** What happened during one command, including what the provider cannot see. */
export class Trace {
  calls = 0;
  generations = 0;
  orphanGenerations = 0;
  cloudflareWaitMs = 0;
  hasFaults = false;
  lost = false;
  killed = false;
  orphaned = false;
  provenGone = false;
  /** Whether a second list has told what the first one left open. */
  hasSecondList = false;
  /** The newest index that reads had shown before the last generation was sent. */
  seenBeforeLast = -1;
  readonly keys: string[] = [];
  /** Keys whose last response had no timestamp, so that the stored one is a guess. */
  readonly withoutTimestamp = new Set<string>();
  /** Indices of the keys whose timestamps reads have shown, -1 for none. */
  readonly seen: number[] = [];
  /** Indices of keys that someone else or a late request generated. */
  readonly foreign: number[] = [];
  /** Resolves if the provider dies. */
  readonly death: Promise<"dead">;
  private die!: (outcome: "dead") => void;

  constructor(private readonly tunnelId: string) {
    this.death = new Promise((resolve) => (this.die = resolve));
  }

  call({ kind }: Fault): void {
    this.calls += 1;
    if (kind !== "none") this.hasFaults = true;
  }

  generationSent(): void {
    this.seenBeforeLast = this.newestSeen;
    this.generations += 1;
    if (this.orphaned) this.orphanGenerations += 1;
  }

  generationLost(): void {
    this.lost = true;
  }

  received(psk: string, hasTimestamp: boolean): void {
    this.keys.push(psk);
    // The same key may be set twice.
    if (hasTimestamp) this.withoutTimestamp.delete(psk);
    else this.withoutTimestamp.add(psk);
  }

  saw(index: number): void {
    this.seen.push(index);
  }

  changed(world: World, tunnelId: string): void {
    if (tunnelId === this.tunnelId) this.foreign.push(tunnelIn(world, this.tunnelId).keys.length - 1);
  }

  goneProven(): void {
    this.provenGone = true;
  }

  waited(ms: number): void {
    this.cloudflareWaitMs += ms;
  }

  engineDied(): void {
    this.orphaned = true;
  }

  providerDies(): Promise<never> {
    this.killed = true;
    this.die("dead");
    return new Promise(() => undefined);
  }

  get newestSeen(): number {
    return Math.max(-1, ...this.seen);
  }
}
