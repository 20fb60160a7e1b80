import type { GatewayConfigFields } from "../../../src/gateways";
import { type Identity, SITE } from "../../support/strongswan";

const FQDN_ID = "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com";
export const IDENTITIES: Readonly<Record<Identity["type"], string>> = {
  fqdn: FQDN_ID,
  userFqdn: `ipsec@${FQDN_ID}`,
  keyId: "33145236_fedcba9876543210fedcba9876543210",
};
const FIELDS = { fqdn: "fqdnId", userFqdn: "userFqdnId", keyId: "keyId" } as const;

export function identityOf(type: Identity["type"]): Identity {
  return { type, value: IDENTITIES[type] };
}

/** The site's tunnel. Each test needs its own name, because a connection that is loaded again does not start again. */
export function tunnelOf(name: string, type: Identity["type"], psk = "fake-key-for-tests-only"): GatewayConfigFields {
  return { ...SITE, name, psk, [FIELDS[type]]: IDENTITIES[type] };
}
