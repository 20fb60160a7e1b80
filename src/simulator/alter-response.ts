import type { ApiResponse } from "./api";
import type { Envelope } from "./envelope";
import type { ResponseChange } from "./faults";

type Json = Record<string, unknown>;

const OVERSIZED = 17 * 1024 * 1024;

/** Changes the body of a success; leaves a refusal as it is. */
export function alter(response: ApiResponse, change: ResponseChange): ApiResponse {
  if (response.status !== 200) return response;
  if (change === "notJson") return { ...response, body: response.body.slice(1) };
  if (change === "oversized") {
    const padding = `{"padding":"${"0".repeat(OVERSIZED)}",`;
    return { ...response, body: padding + response.body.slice(1) };
  }

  const envelope = JSON.parse(response.body) as Envelope & { readonly result: Json };
  for (const part of partsAboutOneTunnel(envelope.result)) changes[change](part);
  const { successfully_applied_psks: applied } = envelope.result;
  if (applied !== undefined && change in keyChanges) {
    envelope.result.successfully_applied_psks = keyChanges[change as keyof typeof keyChanges](applied as Json);
  }
  return { ...response, body: JSON.stringify(envelope) };
}

const changes: Readonly<Record<Exclude<ResponseChange, "notJson" | "oversized">, (part: Json) => void>> = {
  withoutKey(part) {
    delete part.psk;
  },
  withoutTimestamp(part) {
    if ("psk_metadata" in part) part.psk_metadata = {};
  },
  withoutTunnelId(part) {
    delete part.ipsec_tunnel_id;
    delete part.id;
  },
  withoutIpsecId(part) {
    delete part.ipsec_id;
  },
  withoutCreatedOn(part) {
    delete part.created_on;
  },
  anotherTunnel(part) {
    for (const field of ["ipsec_tunnel_id", "id"]) {
      const id = part[field];
      if (typeof id === "string") part[field] = anotherId(id);
    }
  },
};

// Keys that were set are listed by the IDs of their tunnels.
const keyChanges = {
  withoutTunnelId: (): Json => ({}),
  anotherTunnel: (applied: Json): Json =>
    Object.fromEntries(Object.entries(applied).map(([id, part]) => [anotherId(id), part])),
};

function anotherId(id: string): string {
  return (id.startsWith("f") ? "0" : "f") + id.slice(1);
}

/** Returns the parts of a result that show a tunnel: psk_generate and create have no wrapper, and a list has many parts. */
function partsAboutOneTunnel(result: Json): Json[] {
  const { ipsec_tunnel, modified_ipsec_tunnel, deleted_ipsec_tunnel, successfully_applied_psks } = result;
  const { ipsec_tunnels = [], modified_ipsec_tunnels = [] } = result;
  const wrapped = [ipsec_tunnel, modified_ipsec_tunnel, deleted_ipsec_tunnel].filter((part) => part !== undefined);
  const applied = Object.values((successfully_applied_psks ?? {}) as Json);
  const listed = [ipsec_tunnels, modified_ipsec_tunnels].flat();
  return [result, ...wrapped, ...applied, ...listed] as Json[];
}
