import type { Account, Edge, Tunnel } from "./accounts";
import type { Refusal } from "./refusals";
import { invalidBody, isRefusal, tunnelNotFound } from "./refusals";
import { checkTunnelBody, keptFields, parseBody } from "./request-body";
import type { Operation } from "./route";
import { inNanoseconds } from "./timestamp";
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
  delete: remove,
  generate,
  validate,
};

function list(call: Call): Success {
  const tunnels = [...call.account.tunnels.values()];
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

  tunnel.fields = { ...tunnel.fields, ...keptFields(body) };
  call.edge.touch(tunnel);
  if (typeof body.psk === "string") call.edge.setKey(tunnel, body.psk, call.assumptions.putMovesTimestamp);
  if (body.psk === null && call.assumptions.putNullRemovesKey) Object.assign(tunnel, noKey);
  return { result: { modified: true, modified_ipsec_tunnel: tunnelJson(tunnel, call) }, changed: call.keep };
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
  const result = {
    ...(call.assumptions.generateAnswersIpsecId && { ipsec_id: ipsecId(tunnel) }),
    ipsec_tunnel_id: tunnel.id,
    psk,
    psk_metadata: { last_generated_on: inNanoseconds(tunnel.generatedOn ?? tunnel.createdOn) },
  };
  return { result, changed: call.keep };
}

function validate(call: Call): Success | Refusal {
  const outcome = generate(call);
  if (isRefusal(outcome) || call.assumptions.validateAnswersKey) return outcome;
  return { ...outcome, result: { ipsec_tunnel_id: call.tunnelId } };
}

function find(call: Call): Tunnel | undefined {
  const tunnel = call.account.tunnels.get(call.tunnelId);
  return tunnel === undefined || call.keep ? tunnel : { ...tunnel };
}
