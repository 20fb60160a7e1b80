import type { EngineEvent } from "@pulumi/pulumi/automation";
import { findLeaks, type Leak, readFilesBelow } from "../leaks";
import type { Outcome } from "./outcome";

/** Everything that the engine has printed, reported and stored, and the secrets that none of it may contain. */
export interface Transcript {
  /** Adds what a command printed and reported. */
  add(command: string, outcome: Pick<Outcome, "text"> & Partial<Outcome>): void;
  /** Adds a value that may stand nowhere. */
  addSecret(secret: string): void;
  /** What was added, and every file below the folder, by name or path. */
  written(): ReadonlyMap<string, string>;
  /** Where one of the secrets, or of the others, was found. */
  leaks(others?: readonly string[]): readonly Leak[];
}

export function createTranscript(folder: string): Transcript {
  const texts = new Map<string, string>();
  const secrets = new Set<string>();
  const written = () => new Map([...texts, ...readFilesBelow(folder)]);
  return {
    add(command, { text, events = [] }) {
      const number = texts.size;
      texts.set(`output of ${command} ${number}`, text);
      const ours = events.filter((event) => !isOwnLeakOfPulumi(event));
      texts.set(`events of ${command} ${number}`, JSON.stringify(ours));
    },
    addSecret: (secret) => void secrets.add(secret),
    written,
    leaks: (others = []) => findLeaks(written(), [...secrets, ...others]),
  };
}

/**
 * Pulumi's Node SDK sends the engine a debug line with every response to a registration, and to a read of a stack reference,
 * secrets in plain text. It stays hidden without `--debug`, but the Automation API reports it as an event. No resource can
 * prevent it; SECURITY.md says so.
 */
export function isOwnLeakOfPulumi({ diagnosticEvent: event }: EngineEvent): boolean {
  return /^(?:Register|Read)Resource RPC finished: /.test(event?.message ?? "");
}
