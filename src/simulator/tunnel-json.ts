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
  const { health_check: healthCheck, ...fields } = tunnel.fields;
  const generatedOn = showing.stale ? tunnel.generatedBefore : tunnel.generatedOn;
  return {
    id: tunnel.id,
    replay_protection: false,
    ...fields,
    health_check: healthCheckJson(healthCheck, showing.newHealthCheckTarget),
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

function healthCheckJson(saved: unknown, newTarget: boolean): Record<string, unknown> {
  const defaults = { enabled: true, direction: "unidirectional", rate: "mid", type: "reply", target: "" };
  const check = { ...defaults, ...(saved as Partial<Record<string, unknown>> | undefined) };
  const target = (check.target as { readonly saved?: unknown } | null)?.saved ?? check.target;
  return { ...check, target: newTarget ? { saved: target, effective: target } : target };
}
