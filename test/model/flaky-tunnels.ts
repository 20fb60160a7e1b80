import { type IpsecTunnelPskErrorCode, IpsecTunnelPskError } from "../../src/errors";
import { given } from "../../src/given";
import type { DriftReads } from "../../src/psk/drift";
import type { TunnelApi, TunnelReading } from "../../src/psk/tunnel-api";
import type { GeneratedPsk, Operation, TunnelRef } from "../../src/tunnel";
import type { Fault } from "./faults";
import type { Trace } from "./trace";
import { addKey, addLateRequest, inRead, inResponse, pass, shownIndex, tunnelIn, type World } from "./world";

const QUICK_MS = 100;
/** The longest that one call takes without a response, with the client's defaults. */
export const SLOW_MS = 50_000;

/** Creates the lifecycle's view of a world, with the faults of one command. */
export function createFlakyTunnels(world: World, faults: readonly Fault[], trace: Trace): TunnelApi {
  const left = [...faults];
  const wait = (ms: number) => {
    pass(world, ms, (id) => {
      trace.changed(world, id);
    });
  };

  /** Runs what happens before a call takes effect. */
  async function begin({ ipsecTunnelId: id }: TunnelRef, operation: Operation, onSend?: () => void): Promise<Fault> {
    const fault = left.shift() ?? { kind: "none" };
    trace.call(fault);
    const tunnel = tunnelIn(world, id);
    if (fault.kind === "rotation" && !tunnel.gone) {
      addKey(world, id);
      trace.changed(world, id);
    }
    if (fault.kind === "deletion") tunnel.gone = true;
    if (fault.kind === "throttled") {
      wait(fault.waitMs);
      trace.waited(fault.waitMs);
      operation.onCloudflareWait(fault.waitMs);
      await operation.beforeLateSend();
    }
    onSend?.();
    if (fault.kind === "orphan") trace.engineDied();
    wait(QUICK_MS);
    if (fault.kind === "refused") throw failure("ERR_NOT_AUTHORIZED");
    if (fault.kind === "unreachable") throw failure("ERR_UNREACHABLE");
    return fault;
  }

  async function generate(ref: TunnelRef, operation: Operation): Promise<GeneratedPsk> {
    return send(ref, undefined, operation);
  }

  async function send(ref: TunnelRef, psk: string | undefined, operation: Operation): Promise<GeneratedPsk> {
    const fault = await begin(ref, operation, () => {
      trace.generationSent();
    });
    const id = ref.ipsecTunnelId;
    const take = () => addKey(world, id, psk);
    if (tunnelIn(world, id).gone) throw failure("ERR_TUNNEL_NOT_FOUND");

    if (fault.kind === "lost" || fault.kind === "kill") {
      if (fault.effect === "before") take();
      if (fault.kind === "lost" && fault.slow) wait(SLOW_MS - QUICK_MS);
      if (typeof fault.effect === "number") addLateRequest(world, id, fault.effect, psk);
      if (fault.kind === "kill") return trace.providerDies();
      trace.generationLost();
      throw failure("ERR_OUTCOME_UNKNOWN");
    }
    const key = take();
    wait(QUICK_MS);
    const lastGeneratedOn = fault.kind === "noTimestamp" ? undefined : inResponse(key);
    trace.received(key.psk, lastGeneratedOn !== undefined);
    return { psk: key.psk, ...given({ lastGeneratedOn }) };
  }

  async function read(how: "list" | "get", ref: TunnelRef, operation: Operation): Promise<TunnelReading> {
    const fault = await begin(ref, operation);
    const tunnel = tunnelIn(world, ref.ipsecTunnelId);
    const { keys, gone } = tunnel;
    if (fault.kind === "kill") return trace.providerDies();
    if (fault.kind === "lost") {
      if (fault.slow) wait(SLOW_MS - QUICK_MS);
      throw failure("ERR_NO_RESPONSE");
    }
    if (gone || (how === "list" && fault.kind === "missing")) {
      if (how === "get") trace.goneProven();
      return { kind: "gone" };
    }
    const index = keys.length - 1 - (fault.kind === "lag" ? fault.by : 0);
    const key = keys[index];
    trace.saw(shownIndex(tunnel, index));
    return { kind: "tunnel", ...given({ lastGeneratedOn: key && inRead(key) }) };
  }

  return {
    generate,
    set: (ref, psk, operation) => send(ref, psk, operation),
    // A verification reads a list if it is shared, and its tunnel alone if it is not.
    readAfter: (ref, operation) => read("list", ref, operation),
    readFromList: (ref, operation) => read("list", ref, operation),
    read: (ref, operation) => read("get", ref, operation),
    // Its programs name tunnels by their IDs.
    list: () => Promise.resolve([]),
  };
}

/** Creates the reads of a diff, with the faults of one command. One that fails, or that the request limit delays, shows nothing. */
export function createFlakyDriftReads(world: World, faults: readonly Fault[], trace: Trace): DriftReads {
  const withoutWaits = faults.map((fault): Fault => (fault.kind === "throttled" ? { kind: "refused" } : fault));
  const tunnels = createFlakyTunnels(world, withoutWaits, trace);
  const operation: Operation = {
    announce: () => undefined,
    onCloudflareWait: () => undefined,
    beforeLateSend: () => Promise.resolve(),
  };
  return {
    fromList: (ref) => tunnels.readFromList(ref, operation).catch(() => undefined),
    fromSecondList: async (ref) => {
      // It would show no timestamp of another tunnel, so it would not tell.
      if (![...world.tunnels].some(([id, { keys }]) => id !== ref.ipsecTunnelId && keys.length > 0)) return undefined;
      const reading = await tunnels.readFromList(ref, operation).catch(() => undefined);
      trace.hasSecondList = reading !== undefined;
      return reading;
    },
    single: (ref) => tunnels.read(ref, operation).catch(() => undefined),
  };
}

function failure(code: IpsecTunnelPskErrorCode): IpsecTunnelPskError {
  return new IpsecTunnelPskError(code, { summary: "Cannot continue: the schedule says so", remedy: "None." });
}
