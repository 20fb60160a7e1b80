import type { Account, Edge, Tunnel } from "./accounts";
import type { Refusal } from "./refusals";
import { invalidBody, isRefusal, tunnelNotFound } from "./refusals";
import {
  type Body,
  bulkEntriesOf,
  checkBulkBody,
  checkKeysBody,
  checkTunnelBody,
  entriesOf,
  keptFields,
  parseBody,
} from "./request-body";
import type { Operation } from "./route";
import { inMilliseconds, inNanoseconds } from "./timestamp";
import type { Showing } from "./tunnel-json";
import { ipsecId, tunnelJson } from "./tunnel-json";

/** One call that is authenticated and authorized. */
export interface Call extends Showing {
  readonly edge: Edge;
  readonly account: Account;
  readonly tunnelId: string;
  readonly body: string;
  /** Whether the effect of the call is kept: `false` works on a copy that is dropped. */
  readonly keep: boolean;
  /** A list lacks the tunnels that were created later: milliseconds since the epoch. */
  readonly listedUntilMs: number;
  /** Why no key can be set now; `undefined` if it can. */
  readonly unappliedBecause?: string | undefined;
}

/** The result of a call that was carried out. */
export interface Success {
  readonly result: unknown;
  /** Whether the call changed something at the edge. */
  readonly changed: boolean;
}

export const tunnelCalls: Readonly<Record<Operation, (call: Call) => Success | Refusal>> = {
  list,
  get,
  create,
  update,
  bulkUpdate,
  delete: remove,
  generate,
  validate,
  set,
  validateSet: set,
};

function list(call: Call): Success {
  const tunnels = [...call.account.tunnels.values()].filter(
    ({ createdOn }) => inMilliseconds(createdOn) <= call.listedUntilMs,
  );
  return { result: { ipsec_tunnels: tunnels.map((tunnel) => tunnelJson(tunnel, call)) }, changed: false };
}

function get(call: Call): Success | Refusal {
  const tunnel = find(call);
  if (tunnel === undefined) return tunnelNotFound;
  return { result: { ipsec_tunnel: tunnelJson(tunnel, call) }, changed: false };
}

function create(call: Call): Success | Refusal {
  const body = parseBody(call.body);
  const refusal = checkTunnelBody(body, call.account);
  if (body === undefined || refusal !== undefined) return refusal ?? invalidBody;

  const fields = keptFields(body);
  const tunnel = call.edge.draft(call.account, {
    id: call.edge.newTunnelId(),
    name: String(fields.name),
    fields,
    ...(typeof body.psk === "string" && { psk: body.psk }),
  });
  if (call.keep) call.account.tunnels.set(tunnel.id, tunnel);
  // The tunnel itself, as in the schema and the official SDKs. The documentation's samples wrap it in a list.
  return { result: tunnelJson(tunnel, call), changed: call.keep };
}

function update(call: Call): Success | Refusal {
  const tunnel = find(call);
  if (tunnel === undefined) return tunnelNotFound;
  const body = parseBody(call.body);
  const refusal = checkTunnelBody(body, call.account, call.tunnelId);
  if (body === undefined || refusal !== undefined) return refusal ?? invalidBody;

  modify(tunnel, body, call);
  return { result: { modified: true, modified_ipsec_tunnel: tunnelJson(tunnel, call) }, changed: call.keep };
}

/** All or none. What the real API does if one of the tunnels has a mistake is not established. */
function bulkUpdate(call: Call): Success | Refusal {
  const body = parseBody(call.body);
  const refusal = checkBulkBody(body, call.account);
  if (refusal !== undefined) return refusal;
  const entries = bulkEntriesOf(body).map((entry) => ({ entry, tunnel: find({ ...call, tunnelId: entry.id }) }));
  if (entries.some(({ tunnel }) => tunnel === undefined)) return tunnelNotFound;

  const modified = entries.flatMap(({ entry, tunnel }) => (tunnel === undefined ? [] : [{ entry, tunnel }]));
  for (const { entry, tunnel } of modified) modify(tunnel, entry, call);
  const tunnels = modified.map(({ tunnel }) => tunnelJson(tunnel, call));
  return { result: { modified: true, modified_ipsec_tunnels: tunnels }, changed: call.keep };
}

function modify(tunnel: Tunnel, body: Body, { edge, assumptions }: Call): void {
  edge.change(tunnel, keptFields(body));
  if (typeof body.psk === "string") edge.setKey(tunnel, body.psk, assumptions.putMovesTimestamp);
  if (body.psk === null && assumptions.putNullRemovesKey) Object.assign(tunnel, noKey);
}

const noKey = { psk: undefined, generatedOn: undefined };

function remove(call: Call): Success | Refusal {
  const tunnel = find(call);
  if (tunnel === undefined) return tunnelNotFound;
  if (call.keep) call.account.tunnels.delete(tunnel.id);
  return { result: { deleted: true, deleted_ipsec_tunnel: tunnelJson(tunnel, call) }, changed: call.keep };
}

function generate(call: Call): Success | Refusal {
  if (parseBody(call.body) === undefined) return invalidBody;
  const tunnel = find(call);
  if (tunnel === undefined) return tunnelNotFound;

  // The only response that ever shows the key.
  const psk = call.edge.generate(tunnel);
  const { ipsec_id, ...rest } = keyJson(tunnel, psk);
  const result = call.assumptions.generateReturnsIpsecId ? { ipsec_id, ...rest } : rest;
  return { result, changed: call.keep };
}

/** Each tunnel on its own: what cannot be applied does not keep the others from being applied. */
function set(call: Call): Success | Refusal {
  const body = parseBody(call.body);
  const refusal = checkKeysBody(body);
  if (refusal !== undefined) return refusal;

  const applied: Record<string, unknown> = {};
  const unapplied: Record<string, string> = {};
  for (const { id, psk } of entriesOf(body)) {
    const tunnel = find({ ...call, tunnelId: id });
    if (tunnel === undefined || call.unappliedBecause !== undefined) {
      unapplied[id] = call.unappliedBecause ?? "IPsec tunnel not found";
      continue;
    }
    call.edge.setKey(tunnel, psk, call.assumptions.setMovesTimestamp);
    applied[id] = keyJson(tunnel, psk);
  }
  const result = { successfully_applied_psks: applied, unapplied_psks: unapplied };
  return { result, changed: call.keep && Object.keys(applied).length > 0 };
}

function keyJson(tunnel: Tunnel, psk: string) {
  const { generatedOn } = tunnel;
  return {
    ipsec_id: ipsecId(tunnel),
    ipsec_tunnel_id: tunnel.id,
    psk,
    psk_metadata: generatedOn === undefined ? {} : { last_generated_on: inNanoseconds(generatedOn) },
  };
}

function validate(call: Call): Success | Refusal {
  const outcome = generate(call);
  if (isRefusal(outcome) || call.assumptions.validateReturnsKey) return outcome;
  return { ...outcome, result: { ipsec_tunnel_id: call.tunnelId } };
}

function find(call: Call): Tunnel | undefined {
  const tunnel = call.account.tunnels.get(call.tunnelId);
  return tunnel === undefined || call.keep ? tunnel : { ...tunnel };
}
