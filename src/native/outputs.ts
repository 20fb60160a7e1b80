import { isDeepStrictEqual } from "node:util";
import { given } from "../given";
import { identitiesOf, type IkeIdentities } from "../psk/identities";
import type { Inputs } from "../psk/inputs";
import type { Secrecy } from "../psk/reason-text";
import type { Plan } from "../psk/rotation";
import { hasUnknown, UNKNOWN } from "../psk/sentinels";
import { spreadDays } from "../psk/spread";
import { STATE_VERSION, type StoredState } from "../psk/state";
import { isWholeSecond, nextRotationOn } from "../psk/timestamp";
import type { Differences } from "./resource-kind";
import { isObject, plain, type Properties, Secret } from "./wire";

/** Outputs that TypeScript programs derive when they read them. Programs in other languages cannot, so the state has them. */
const DERIVED = ["fqdnId", "userFqdnId", "keyId", "nextRotationOn"] as const;

type Derived = Partial<IkeIdentities> & { readonly nextRotationOn?: string };

type DerivedFrom = Pick<Inputs, "conduitId" | "rotateAfterDays" | "rotateSpreadDays">;

/** Returns all outputs of a resource: its state and what is derived from it, with secrets marked. */
export function outputsOf(state: StoredState, inputs: DerivedFrom, isSecret: Secrecy): Properties {
  return marked({ ...state, ...derive(state, inputs) }, isSecret);
}

/** Returns the outputs of a preview: what can be known before `up` carries out a plan. */
export function foreseenOutputs(
  plan: Plan,
  before: StoredState | undefined,
  inputs: Inputs,
  isSecret: Secrecy,
): Properties {
  const { accountId, ipsecTunnelName, rotationTriggers } = inputs;
  // A name may turn out to be that of another tunnel than the one that has it now.
  const ipsecTunnelId = before?.ipsecTunnelId ?? inputs.ipsecTunnelId ?? UNKNOWN;
  const existing = plan.kind === "takeOver" && !hasUnknown(plan.key) ? plan.key : undefined;
  // Of a whole second, only Cloudflare knows the fraction.
  const isDated = existing !== undefined && !isWholeSecond(existing.lastGeneratedOn);
  const state = {
    accountId,
    ipsecTunnelId,
    ...given({ ipsecTunnelName, rotationTriggers }),
    psk: inputs.psk ?? UNKNOWN,
    lastGeneratedOn: isDated ? existing.lastGeneratedOn : UNKNOWN,
    // A tunnel keeps its name in IKE when its key is rotated.
    ipsecId: before === undefined ? UNKNOWN : before.ipsecId,
    status: existing === undefined ? UNKNOWN : "active",
    stateVersion: STATE_VERSION,
  };
  return marked(given({ ...state, ...derive(state, inputs) }), isSecret);
}

/**
 * Lists the outputs in the state that an update would change even though it keeps the key: in value, or because they are not as secret
 * as they should be. What is more secret stays: `additionalSecretOutputs` marks outputs that this provider leaves public.
 */
export function staleOutputs(stored: Properties, expected: Properties): Differences {
  const names = [...DERIVED, "accountId", "ipsecTunnelId", "rotationTriggers", "psk"];
  const stale = names.filter(
    (name) =>
      !isDeepStrictEqual(plain(stored[name]), plain(expected[name])) || !isAsSecret(stored[name], expected[name]),
  );
  return Object.fromEntries(
    stale.map((name) => {
      const kind = stored[name] === undefined ? "add" : expected[name] === undefined ? "delete" : "update";
      return [name, { kind, in: "outputs" } as const];
    }),
  );
}

function isAsSecret(stored: unknown, expected: unknown): boolean {
  if (stored instanceof Secret) return true;
  if (expected instanceof Secret) return false;
  if (!isObject(stored) || !isObject(expected)) return true;
  return Object.keys(expected).every((key) => isAsSecret(stored[key], expected[key]));
}

interface Known {
  readonly ipsecTunnelId: string;
  readonly ipsecId?: string | undefined;
  readonly lastGeneratedOn?: string;
}

function derive(known: Known, inputs: DerivedFrom): Derived {
  const { ipsecTunnelId, ipsecId } = known;
  return {
    ...identitiesIn({ ipsecId, ipsecTunnelId, conduitId: inputs.conduitId }),
    ...given({ nextRotationOn: nextRotationIn(known, inputs) }),
  };
}

function identitiesIn(from: Parameters<typeof identitiesOf>[0]): Partial<IkeIdentities> {
  const { ipsecId, ipsecTunnelId, conduitId } = from;
  return hasUnknown(ipsecId ?? [ipsecTunnelId, conduitId])
    ? { fqdnId: UNKNOWN, userFqdnId: UNKNOWN, keyId: UNKNOWN }
    : (identitiesOf(from) ?? {});
}

function nextRotationIn(
  { ipsecTunnelId, lastGeneratedOn }: Known,
  { rotateAfterDays, rotateSpreadDays }: DerivedFrom,
): string | undefined {
  if (rotateAfterDays === undefined) return undefined;
  const spreadFrom = rotateSpreadDays === undefined ? [] : [ipsecTunnelId, rotateSpreadDays];
  if (hasUnknown([lastGeneratedOn, rotateAfterDays, ...spreadFrom])) return UNKNOWN;
  return nextRotationOn(lastGeneratedOn, rotateAfterDays, spreadDays(ipsecTunnelId, rotateSpreadDays));
}

// An output that is derived from a secret argument is secret, too.
const TUNNEL = ["ipsecTunnelId", "ipsecTunnelName", "ipsecTunnelCreatedOn"] as const;
const SOURCES: Readonly<Record<string, readonly (keyof Inputs)[]>> = {
  ipsecTunnelId: TUNNEL,
  fqdnId: [...TUNNEL, "conduitId"],
  userFqdnId: [...TUNNEL, "conduitId"],
  keyId: [...TUNNEL, "conduitId"],
  nextRotationOn: ["rotateAfterDays", "rotateSpreadDays", ...TUNNEL],
};

function marked(outputs: Properties, isSecret: Secrecy): Properties {
  return mapValues(outputs, (value, name) => {
    const isHidden = name === "psk" || (SOURCES[name] ?? [name as keyof Inputs]).some((source) => isSecret(source));
    if (isHidden) return new Secret(value);
    // One secret trigger does not hide the others.
    const triggers = name === "rotationTriggers" && isObject(value) ? value : undefined;
    if (triggers === undefined) return value;
    return mapValues(triggers, (trigger, key) => (isSecret(name, key) ? new Secret(trigger) : trigger));
  });
}

function mapValues(values: Properties, map: (value: unknown, name: string) => unknown): Properties {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value, name)]));
}
