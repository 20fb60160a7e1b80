import type { StoredState } from "../../src/psk/state";

export const accountId = "0123456789abcdef0123456789abcdef";
export const ipsecTunnelId = "fedcba9876543210fedcba9876543210";
export const fakeKey = "fake-key-for-tests-only";

/** A resource for which Cloudflare sent the key and nothing else. */
export const bareState: StoredState = { accountId, ipsecTunnelId, psk: fakeKey, status: "unverified", stateVersion: 1 };

/** A resource whose key has not been verified yet. */
export const storedState: StoredState = {
  ...bareState,
  lastGeneratedOn: "2026-03-01T12:00:00.123456789Z",
  ipsecId: `33145236_${ipsecTunnelId}`,
};
