import { startDeadline } from "../../src/psk/deadline";
import type { Edge, GeneratedPsk, Operation, TunnelReading } from "../../src/psk/tunnel-api";
import { DEFAULT_LIMITS, type Limits } from "../../src/psk/limits";
import { type IpsecTunnelPskErrorCode, IpsecTunnelPskError } from "../../src/errors";
import { createFakeClock } from "../support/fake-clock";

/** What a call brings: a value, a failure, or whatever comes of a function that hears of the operation. */
type Answer<T> = T | Error | ((operation: Operation) => Promise<T>);

/** The answers to each kind of call, in order. A call beyond them fails. */
export interface Script {
  readonly generate?: readonly Answer<GeneratedPsk>[];
  readonly readAfter?: readonly Answer<TunnelReading>[];
  readonly listed?: readonly Answer<TunnelReading>[];
  readonly read?: readonly Answer<TunnelReading>[];
}

/** An edge that answers by a script, in virtual time. */
export function startEdge(script: Script) {
  const clock = createFakeClock();
  const startedAt = clock.now();
  const calls: string[] = [];
  const note = (name: string) => void calls.push(`${clock.now() - startedAt} ms: ${name}`);

  function method<T>(name: keyof Script, answers: readonly Answer<T>[] = []) {
    const left = [...answers];
    return async (_tunnel: unknown, operation: Operation): Promise<T> => {
      note(name);
      const answer = left.shift();
      if (answer === undefined) throw new Error(`The test expects no further ${name}`);
      if (answer instanceof Error) throw answer;
      return typeof answer === "function" ? (answer as (operation: Operation) => Promise<T>)(operation) : answer;
    };
  }
  const edge: Edge = {
    generate: method("generate", script.generate),
    readAfter: method("readAfter", script.readAfter),
    listed: method("listed", script.listed),
    read: method("read", script.read),
  };
  /** Moves the clock until the outcome is there. */
  function finish<T>(outcome: Promise<T>): Promise<T> {
    // A failure may come before the clock looks, and then nobody would have been there to handle it.
    outcome.catch(() => undefined);
    return clock.runUntil(outcome);
  }
  /** `calls`: what was asked, each with the milliseconds since the start. */
  return { edge, clock, calls, note, finish };
}

/** The operation of one resource on such an edge. */
export function startOperation(script: Script, changes: Partial<Limits> = {}) {
  const { edge, clock, calls, note, finish } = startEdge(script);
  const limits = { ...DEFAULT_LIMITS, ...changes };
  const deadline = startDeadline(clock, limits.operationTimeoutMs);
  const lines: string[] = [];
  const operation: Operation = {
    announce: (line) => lines.push(line),
    onCloudflareWait: deadline.extend,
    beforeLateSend: () => {
      note("beforeLateSend");
      return Promise.resolve();
    },
  };
  return { edge, clock, calls, lines, finish, context: { operation, deadline, clock, limits } };
}

/** The n-th generation of a tunnel, as `psk_generate` tells of it: with nanoseconds. */
export function keyOf(generation: number): GeneratedPsk & { readonly lastGeneratedOn: string } {
  return { psk: `fake-key-${generation}-for-tests-only`, lastGeneratedOn: `${minute(generation)}.123456789Z` };
}

/** What a read shows after the n-th generation: rounded to microseconds. */
export function sightOf(generation: number): TunnelReading & { readonly lastGeneratedOn: string } {
  return { kind: "tunnel", lastGeneratedOn: `${minute(generation)}.123457Z` };
}

export const keyless: TunnelReading = { kind: "tunnel" };
export const gone: TunnelReading = { kind: "gone" };

export const lostAnswer = failure("ERR_OUTCOME_UNKNOWN");

export function failure(code: IpsecTunnelPskErrorCode): IpsecTunnelPskError {
  return new IpsecTunnelPskError(code, { summary: `Cannot go on as of ${code}`, remedy: "None." });
}

function minute(generation: number): string {
  return `2026-03-01T12:${String(generation).padStart(2, "0")}:00`;
}
