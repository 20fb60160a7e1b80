import type { Fault } from "./faults";
import { tunnelIn, type World } from "./world";

/** What really happened during one command, as nobody but the model knows it. */
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
  readonly keys: string[] = [];
  /** Keys whose answer had no time stamp: what belongs to them can only be guessed. */
  readonly unstamped: string[] = [];
  /** Indices of the keys that reads have shown, -1 for none. */
  readonly seen: number[] = [];
  /** Indices of keys that came from elsewhere: from somebody else, or from a straggler. */
  readonly foreign: number[] = [];
  /** Settles never, or when the provider dies. */
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
    this.generations += 1;
    if (this.orphaned) this.orphanGenerations += 1;
  }

  generationLost(): void {
    this.lost = true;
  }

  received(psk: string, hasStamp: boolean): void {
    this.keys.push(psk);
    if (!hasStamp) this.unstamped.push(psk);
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
