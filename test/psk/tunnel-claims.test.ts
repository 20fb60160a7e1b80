import type { ResolvedInputs } from "../../src/psk/inputs";
import { UNKNOWN } from "../../src/psk/sentinels";
import { createTunnelClaims } from "../../src/psk/tunnel-claims";
import { accountId, ipsecTunnelId } from "./support";

const byId: ResolvedInputs = { accountId, ipsecTunnelId };
const byName: ResolvedInputs = { ...byId, ipsecTunnelName: "branch-1" };

describe("createTunnelClaims()", () => {
  it.each<[string, ResolvedInputs, ResolvedInputs]>([
    ["its ID", byId, byId],
    ["its name", byName, byName],
    ["a name of another tunnel", byName, { ...byName, ipsecTunnelId: "f".repeat(32) }],
    ["an ID of another account", byName, { ...byId, accountId: "f".repeat(32) }],
    ["an unknown ID", byName, { ...byId, ipsecTunnelId: UNKNOWN }],
  ])("lets a tunnel be claimed again by %s", (_what, first, second) => {
    const { claim } = createTunnelClaims();
    claim(first);

    expect(() => {
      claim(second);
    }).not.toThrow();
  });

  it.each<[string, ResolvedInputs, ResolvedInputs, string]>([
    [
      "by its name after its ID",
      byId,
      byName,
      `Cannot manage the key of IPsec tunnel ${ipsecTunnelId}, which is "branch-1": it already belongs to another IpsecTunnelPsk, which has it from ipsecTunnelId`,
    ],
    [
      "by its ID after its name",
      byName,
      byId,
      `Cannot manage the key of IPsec tunnel ${ipsecTunnelId}: it already belongs to another IpsecTunnelPsk, which has it from ipsecTunnelName "branch-1"`,
    ],
  ])("refuses to let a tunnel be claimed %s", (_what, first, second, summary) => {
    const { claim } = createTunnelClaims();
    claim(first);

    expect(() => {
      claim(second);
    }).toThrow(expect.objectContaining({ code: "ERR_INVALID_INPUT", details: expect.objectContaining({ summary }) }));
  });
});
