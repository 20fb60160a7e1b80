import { type IpsecTunnelPskErrorCode, IpsecTunnelPskError } from "../../src/errors";
import { startDeadline } from "../../src/psk/deadline";
import { DEFAULT_LIMITS, type Limits } from "../../src/psk/limits";
import type { TunnelApi, TunnelReading } from "../../src/psk/tunnel-api";
import type { GeneratedPsk, ListedTunnel, Operation } from "../../src/tunnel";
import { createFakeClock } from "../support/fake-clock";

/** How a call ends: with a value, a failure, or as a function of the operation decides. */
type Ending<T> = T | Error | ((operation: Operation) => Promise<T>);

/** How each kind of call ends, in order. A call beyond the script fails. */
export interface Script {
  readonly generate?: readonly Ending<GeneratedPsk>[];
  readonly set?: readonly Ending<GeneratedPsk>[];
  readonly readAfter?: readonly Ending<TunnelReading>[];
  readonly readFromList?: readonly Ending<TunnelReading>[];
  readonly read?: readonly Ending<TunnelReading>[];
  readonly list?: readonly Ending<readonly ListedTunnel[]>[];
}

/** Tunnels that follow a script, in virtual time. */
export function startTunnels(script: Script) {
  const clock = createFakeClock();
  const startedAt = clock.now();
  const calls: string[] = [];
  const note = (name: string) => void calls.push(`${clock.now() - startedAt} ms: ${name}`);

  function method<T>(name: keyof Script, endings: readonly Ending<T>[] = []) {
    const left = [...endings];
    return async (_tunnel: unknown, operation: Operation, how = ""): Promise<T> => {
      note(`${how}${name}`);
      const ending = left.shift();
      if (ending === undefined) throw new Error(`The test expects no further ${name}`);
      if (ending instanceof Error) throw ending;
      return typeof ending === "function" ? (ending as (operation: Operation) => Promise<T>)(operation) : ending;
    };
  }
  const set = method("set", script.set);
  const list = method("list", script.list);
  const tunnels: TunnelApi = {
    generate: method("generate", script.generate),
    set: (tunnel, _psk, operation) => set(tunnel, operation),
    readAfter: method("readAfter", script.readAfter),
    readFromList: method("readFromList", script.readFromList),
    read: method("read", script.read),
    list: (account, age, operation) => list(account, operation, `${age} `),
  };
  /** Moves the clock until the outcome is there. */
  function finish<T>(outcome: Promise<T>): Promise<T> {
    // It may fail before the clock awaits it, and Node.js would report a failure without a handler.
    outcome.catch(() => undefined);
    return clock.runUntil(outcome);
  }
  /** `calls`: what was called, each with the milliseconds since the start. */
  return { tunnels, clock, calls, note, finish };
}

/** The operation of one resource on such tunnels. */
export function startOperation(script: Script, changes: Partial<Limits> = {}) {
  const { tunnels, clock, calls, note, finish } = startTunnels(script);
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
  return { tunnels, clock, calls, lines, finish, context: { operation, deadline, clock, limits } };
}

/** The n-th generation of a tunnel, as `psk_generate` returns it: with nanoseconds. */
export function keyOf(generation: number): GeneratedPsk & { readonly lastGeneratedOn: string } {
  return { psk: `fake-key-${generation}-for-tests-only`, lastGeneratedOn: `${minute(generation)}.123456789Z` };
}

/** What a read shows after the n-th generation: rounded to microseconds. */
export function readingOf(generation: number): TunnelReading & { readonly lastGeneratedOn: string } {
  return { kind: "tunnel", lastGeneratedOn: `${minute(generation)}.123457Z` };
}

export const keyless: TunnelReading = { kind: "tunnel" };
export const gone: TunnelReading = { kind: "gone" };

export const lostResponse = failure("ERR_OUTCOME_UNKNOWN");

export function failure(code: IpsecTunnelPskErrorCode): IpsecTunnelPskError {
  return new IpsecTunnelPskError(code, { summary: `Cannot continue: the script says ${code}`, remedy: "None." });
}

function minute(generation: number): string {
  return `2026-03-01T12:${String(generation).padStart(2, "0")}:00`;
}
