import { type IpsecTunnelPskErrorCode, IpsecTunnelPskError } from "../../src/errors";
import type { Edge, GeneratedPsk, Operation, TunnelReading, TunnelRef } from "../../src/psk/tunnel-api";
import type { Fault } from "./faults";
import type { Trace } from "./trace";
import { addKey, addStraggler, answered, pass, shown, tunnelIn, type World } from "./world";

const QUICK_MS = 100;
/** The longest that one call takes without an answer, by the defaults of the client. */
export const SLOW_MS = 50_000;

/** The lifecycle's view of a world, with the faults of one command. */
export function createFlakyEdge(world: World, faults: readonly Fault[], trace: Trace): Edge {
  const left = [...faults];
  const wait = (ms: number) => {
    pass(world, ms, (id) => {
      trace.changed(world, id);
    });
  };

  /** What happens before a call takes effect. */
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
    const fault = await begin(ref, operation, () => {
      trace.generationSent();
    });
    const id = ref.ipsecTunnelId;
    if (tunnelIn(world, id).gone) throw failure("ERR_TUNNEL_NOT_FOUND");

    if (fault.kind === "lost" || fault.kind === "kill") {
      if (fault.effect === "before") addKey(world, id);
      if (fault.kind === "lost" && fault.slow) wait(SLOW_MS - QUICK_MS);
      if (typeof fault.effect === "number") addStraggler(world, id, fault.effect);
      if (fault.kind === "kill") return trace.providerDies();
      trace.generationLost();
      throw failure("ERR_OUTCOME_UNKNOWN");
    }
    const key = addKey(world, id);
    wait(QUICK_MS);
    trace.received(key.psk, fault.kind !== "noStamp");
    return { psk: key.psk, ...(fault.kind !== "noStamp" && { lastGeneratedOn: answered(key) }) };
  }

  async function look(how: "list" | "get", ref: TunnelRef, operation: Operation): Promise<TunnelReading> {
    const fault = await begin(ref, operation);
    const { keys, gone } = tunnelIn(world, ref.ipsecTunnelId);
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
    trace.saw(index);
    return { kind: "tunnel", ...(key !== undefined && { lastGeneratedOn: shown(key) }) };
  }

  return {
    generate,
    // A verification is answered by a list if it is shared, by a read of its own if it is not.
    readAfter: (ref, operation) => look("list", ref, operation),
    listed: (ref, operation) => look("list", ref, operation),
    read: (ref, operation) => look("get", ref, operation),
  };
}

function failure(code: IpsecTunnelPskErrorCode): IpsecTunnelPskError {
  return new IpsecTunnelPskError(code, { summary: "Cannot go on as the schedule says so", remedy: "None." });
}
