import { z } from "zod";
import { type Assumptions, KEY_FORMS } from "./assumptions";
import {
  type AccountOptions,
  type CloudflareApiOptions,
  type GrantOptions,
  type LimitOptions,
  PERMISSIONS,
  type SimulatorOptions,
  type TokenOptions,
  type TunnelOptions,
  type UserOptions,
} from "./options";
import {
  callback,
  filled,
  filledListOf,
  flag,
  identifier,
  listOf,
  milliseconds,
  object,
  oneOf,
  only,
  type Rules,
  text,
  whole,
} from "./rules";
import { isInstant } from "./timestamp";
import { TUNNEL_FIELDS } from "./options";

const anything = z.unknown().optional();

// Without fields that are options of their own; the others are checked as in a request.
const fields: Rules<Record<string, unknown>> = {
  ...Object.fromEntries(TUNNEL_FIELDS.filter((field) => field !== "name").map((field) => [field, anything])),
  cloudflare_endpoint: filled.optional(),
  interface_address: filled.optional(),
  health_check: object.optional(),
};

const badInstant = { error: 'must be RFC 3339 in UTC, as in "2026-11-23T08:15:00.123456789Z"' };

const tunnel: Rules<TunnelOptions> = {
  id: identifier.optional(),
  name: filled.optional(),
  psk: filled.optional(),
  lastGeneratedOn: z.string(badInstant).refine(isInstant, badInstant).optional(),
  fields: only(fields).optional(),
};

const account: Rules<AccountOptions> = {
  id: identifier,
  conduitId: text(/^\d+$/, "must be a string of digits").optional(),
  onboarded: flag.optional(),
  tunnels: listOf(only(tunnel)).optional(),
};

// A credential that headers cannot carry would be useless.
const credential = text(/^[!#-&(-~]+$/, "must be printable ASCII without spaces or quotes");

const grant: Rules<GrantOptions> = {
  permissions: listOf(oneOf(PERMISSIONS)).optional(),
  // Whether they are accounts is checked with all the options together.
  accounts: listOf(z.unknown()).optional(),
};

const token: Rules<TokenOptions> = { token: credential, ...grant };

const user: Rules<UserOptions> = { email: credential, key: credential, ...grant };

const limit: Rules<LimitOptions> = { requests: whole(1), windowMs: whole(1), blockMs: whole(0) };

const assumptions: Rules<Assumptions> = {
  generatedKey: oneOf(KEY_FORMS).optional(),
  validateReturnsKey: flag.optional(),
  validatePersists: flag.optional(),
  putMovesTimestamp: flag.optional(),
  setMovesTimestamp: flag.optional(),
  generateReturnsIpsecId: flag.optional(),
  getReturnsRemoteIdentities: flag.optional(),
  putNullRemovesKey: flag.optional(),
  renameKeepsCreatedOn: flag.optional(),
};

const api: Rules<CloudflareApiOptions> = {
  accounts: filledListOf(only(account)).optional(),
  tokens: listOf(only(token)).optional(),
  users: listOf(only(user)).optional(),
  limit: only(limit).optional(),
  assumptions: only(assumptions).optional(),
  now: callback.optional(),
  random: callback.optional(),
};

const simulator: Rules<SimulatorOptions> = {
  ...api,
  port: whole(0, 65_535).optional(),
  latencyMs: milliseconds.optional(),
};

export const API_OPTIONS = only(api);
export const SIMULATOR_OPTIONS = only(simulator);
/** A tunnel, and the account that it is added to. */
export const ADDED_TUNNEL = only<TunnelOptions & { readonly accountId?: string }>({
  ...tunnel,
  accountId: anything,
});
