import type { Account } from "./accounts";
import { isNameTaken } from "./accounts";
import type { Refusal } from "./refusals";
import { invalidBody, invalidField } from "./refusals";
import { TUNNEL_FIELDS } from "./options";

export type Body = Readonly<Record<string, unknown>>;

/** Parses a body. An empty one counts as `{}`, because the documentation's own curl for psk_generate sends none. */
export function parseBody(text: string): Body | undefined {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks the body of a create, or of an update if `tunnelId` is given; returns `undefined` if it has no mistake. An update may
 * leave out any field: the schema says otherwise, but the documentation does so.
 *
 * @param place - What a pointer to a field starts with: "ipsec_tunnels/0/".
 */
export function checkTunnelBody(
  body: Body | undefined,
  account: Account,
  tunnelId?: string,
  place = "",
): Refusal | undefined {
  if (body === undefined) return invalidBody;
  const invalid = (field: string, rule: string) => invalidField(`${place}${field}`, rule);
  for (const field of ["name", "cloudflare_endpoint", "interface_address"]) {
    const value = body[field];
    if (value === undefined && tunnelId !== undefined) continue;
    if (typeof value !== "string" || value === "") return invalid(field, "must be a string that is not empty");
  }
  if (isNameTaken(account, body.name, tunnelId)) return invalid("name", "must be unique in the account");

  const { psk, health_check: healthCheck, bgp } = body;
  if (psk !== undefined && psk !== null && (typeof psk !== "string" || psk === "")) {
    return invalid("psk", "must be a string that is not empty");
  }
  if (healthCheck !== undefined && typeof healthCheck !== "object") return invalid("health_check", "must be an object");
  if (bgp !== undefined && bgp !== null && !Number.isInteger((bgp as Body).customer_asn)) {
    return invalid("bgp/customer_asn", "must be a whole number");
  }
  return undefined;
}

/** The fields of one tunnel among several that are updated. */
export type BulkEntry = Body & { readonly id: string };

/**
 * Checks the body of an update of several tunnels; returns `undefined` if it has no mistake. The schema does not say what is in it:
 * here, it has the form of the response.
 */
export function checkBulkBody(body: Body | undefined, account: Account): Refusal | undefined {
  if (body === undefined) return invalidBody;
  const entries = body.ipsec_tunnels;
  if (!Array.isArray(entries) || entries.length === 0) {
    return invalidField("ipsec_tunnels", "must be a list that is not empty");
  }
  const seen = { id: new Set<unknown>(), name: new Set<unknown>() };
  for (const [index, value] of (entries as unknown[]).entries()) {
    const [entry, place] = [(value ?? {}) as Body, `ipsec_tunnels/${index}/`];
    if (typeof entry.id !== "string" || entry.id === "")
      return invalidField(`${place}id`, "must be a string that is not empty");
    for (const field of ["id", "name"] as const) {
      if (seen[field].has(entry[field])) return invalidField(`${place}${field}`, "must occur once");
      if (entry[field] !== undefined) seen[field].add(entry[field]);
    }
    const refusal = checkTunnelBody(entry, account, entry.id, place);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Returns the tunnels to update; call it only for a body without mistakes. */
export function bulkEntriesOf(body: Body | undefined): readonly BulkEntry[] {
  return (body?.ipsec_tunnels ?? []) as readonly BulkEntry[];
}

/** A tunnel, and the key to set. */
export interface KeyEntry {
  readonly id: string;
  readonly psk: string;
}

/** Checks the body of a call that sets keys; returns `undefined` if it has no mistake. */
export function checkKeysBody(body: Body | undefined): Refusal | undefined {
  if (body === undefined) return invalidBody;
  const { psks } = body;
  if (!Array.isArray(psks) || psks.length === 0) return invalidField("psks", "must be a list that is not empty");
  const seen = new Set<unknown>();
  for (const [index, entry] of (psks as unknown[]).entries()) {
    const { id, psk } = (entry ?? {}) as Partial<Record<keyof KeyEntry, unknown>>;
    if (typeof id !== "string" || id === "")
      return invalidField(`psks/${index}/id`, "must be a string that is not empty");
    if (typeof psk !== "string" || psk === "")
      return invalidField(`psks/${index}/psk`, "must be a string that is not empty");
    if (seen.has(id)) return invalidField(`psks/${index}/id`, "must occur once");
    seen.add(id);
  }
  return undefined;
}

/** Returns the keys to set; none if the body has a mistake. */
export function entriesOf(body: Body | undefined): readonly KeyEntry[] {
  return checkKeysBody(body) === undefined ? (body?.psks as readonly KeyEntry[]) : [];
}

/** Returns the fields that a tunnel keeps: those that the API accepts, except the key, which it never shows again. */
export function keptFields(body: Body): Record<string, unknown> {
  return Object.fromEntries(
    TUNNEL_FIELDS.flatMap((field) => (body[field] === undefined ? [] : [[field, body[field]]])),
  );
}
