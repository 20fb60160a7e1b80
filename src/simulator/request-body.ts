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
 */
export function checkTunnelBody(body: Body | undefined, account: Account, tunnelId?: string): Refusal | undefined {
  if (body === undefined) return invalidBody;
  for (const field of ["name", "cloudflare_endpoint", "interface_address"]) {
    const value = body[field];
    if (value === undefined && tunnelId !== undefined) continue;
    if (typeof value !== "string" || value === "") return invalidField(field, "must be a string that is not empty");
  }
  if (isNameTaken(account, body.name, tunnelId)) return invalidField("name", "must be unique in the account");

  const { psk, health_check: healthCheck } = body;
  if (psk !== undefined && psk !== null && (typeof psk !== "string" || psk === "")) {
    return invalidField("psk", "must be a string that is not empty");
  }
  if (healthCheck !== undefined && typeof healthCheck !== "object") {
    return invalidField("health_check", "must be an object");
  }
  return undefined;
}

/** Returns the fields that a tunnel keeps: those that the API accepts, except the key, which it never shows again. */
export function keptFields(body: Body): Record<string, unknown> {
  return Object.fromEntries(
    TUNNEL_FIELDS.flatMap((field) => (body[field] === undefined ? [] : [[field, body[field]]])),
  );
}
