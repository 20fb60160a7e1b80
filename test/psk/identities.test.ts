import { ikeIdentities } from "../../src/psk/identities";
import { accountId, ipsecTunnelId } from "./support";

describe("ikeIdentities()", () => {
  it("builds each form from the conduit ID and the tunnel ID", () => {
    expect(ikeIdentities(`33145236_${ipsecTunnelId}`)).toEqual({
      fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
      userFqdnId: "ipsec@fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
      keyId: "33145236_fedcba9876543210fedcba9876543210",
    });
  });

  it("writes the tunnel ID in lower case, as Cloudflare does, because routers compare identities byte by byte", () => {
    expect(ikeIdentities(`33145236_${ipsecTunnelId.toUpperCase()}`)).toEqual(
      ikeIdentities(`33145236_${ipsecTunnelId}`),
    );
  });

  it.each([
    undefined,
    "",
    ipsecTunnelId,
    `_${ipsecTunnelId}`,
    `33145236_${ipsecTunnelId.slice(1)}`,
    `33145236_${ipsecTunnelId}0`,
    `33145236_${ipsecTunnelId}\n`,
    `33145236-${ipsecTunnelId}`,
    ` 33145236_${ipsecTunnelId}`,
    // The account ID is never part of an identity.
    `${accountId}_${ipsecTunnelId}`,
  ])("returns nothing for %j", (ipsecId) => {
    expect(ikeIdentities(ipsecId)).toBeUndefined();
  });
});
