import type { Assumptions } from "./assumptions";
import type { Tunnel } from "./accounts";
import { inMicroseconds } from "./timestamp";

/** How a tunnel is shown. */
export interface Showing {
  readonly assumptions: Assumptions;
  /** Whether to show the state before the last generation of the tunnel's key. */
  readonly stale: boolean;
  /** `x-magic-new-hc-target: true`: the health check's target is `{ saved, effective }`, not a string. */
  readonly newHealthCheckTarget: boolean;
}

/** Returns a tunnel as every call except psk_generate shows it: without its key. */
export function tunnelJson(tunnel: Tunnel, showing: Showing): Record<string, unknown> {
  const { bgp } = tunnel.fields;
  const generatedOn = showing.stale ? tunnel.generatedBefore : tunnel.generatedOn;
  return {
    id: tunnel.id,
    replay_protection: false,
    automatic_return_routing: false,
    ...tunnel.fields,
    health_check: healthCheckJson(tunnel.fields, showing.newHealthCheckTarget),
    // No router ever connects here.
    ...(bgp !== undefined && {
      bgp_status: { state: "BGP_DOWN", tcp_established: false, updated_at: inMicroseconds(tunnel.modifiedOn) },
    }),
    allow_null_cipher: false,
    created_on: inMicroseconds(tunnel.createdOn),
    modified_on: inMicroseconds(tunnel.modifiedOn),
    psk_metadata: generatedOn === undefined ? {} : { last_generated_on: inMicroseconds(generatedOn) },
    ...(showing.assumptions.getReturnsRemoteIdentities && { remote_identities: remoteIdentities(tunnel) }),
  };
}

/** Returns the tunnel's IKE key ID. Its first half is the conduit ID, not the account ID. */
export function ipsecId(tunnel: Tunnel): string {
  return `${tunnel.conduitId}_${tunnel.id}`;
}

function remoteIdentities(tunnel: Tunnel): Record<string, string> {
  const fqdn = `${tunnel.id}.${tunnel.conduitId}.ipsec.cloudflare.com`;
  // The content of hex_id is not established: here, it is the key ID in hexadecimal.
  return { hex_id: Buffer.from(ipsecId(tunnel)).toString("hex"), fqdn_id: fqdn, user_id: `ipsec@${fqdn}` };
}

function healthCheckJson(fields: Tunnel["fields"], newTarget: boolean): Record<string, unknown> {
  const defaults = { enabled: true, direction: "unidirectional", rate: "mid", type: "reply" };
  const check: Record<string, unknown> = { ...defaults, ...(fields.health_check as object | undefined) };
  const saved = savedTarget(check.target);
  const effective = effectiveTarget(fields, check.direction, saved);
  const isSaved = saved !== "";
  return { ...check, target: newTarget ? { ...(isSaved && { saved }), effective } : isSaved ? saved : effective };
}

/** Returns the target that a request has set, in one of the two forms; "" if none has. */
function savedTarget(target: unknown): string {
  const saved = isObject(target) ? target.saved : target;
  return typeof saved === "string" ? saved : "";
}

/** Returns the address that is probed; "" if there is none. */
function effectiveTarget(fields: Tunnel["fields"], direction: unknown, saved: string): string {
  if (direction === "bidirectional") return routerSideOf(String(fields.interface_address));
  if (saved !== "") return saved;
  return typeof fields.customer_endpoint === "string" ? fields.customer_endpoint : "";
}

/** Returns the other address of a /31, or of the two hosts of a /30. */
function routerSideOf(interfaceAddress: string): string {
  const [, network = "", host = "", prefix = ""] = /^(.+\.)(\d+)\/(3[01])$/.exec(interfaceAddress) ?? [];
  if (prefix === "") return "";
  return `${network}${Number(host) ^ (prefix === "31" ? 1 : 3)}`;
}

function isObject(value: unknown): value is { readonly saved?: unknown } {
  return typeof value === "object" && value !== null;
}
