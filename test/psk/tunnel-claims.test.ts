import type { ResolvedInputs } from "../../src/psk/inputs";
import { UNKNOWN } from "../../src/psk/sentinels";
import { createTunnelClaims } from "../../src/psk/tunnel-claims";
import { accountId, ipsecTunnelId } from "./support";

const byId: ResolvedInputs = { accountId, ipsecTunnelId };
const byName: ResolvedInputs = { ...byId, ipsecTunnelName: "branch-1" };

const REMEDY =
  "Remove one of the two, because a tunnel has one key, and each resource would overwrite the key of the other. Nothing was generated.";

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
      `Cannot manage the key of IPsec tunnel ${ipsecTunnelId}, which is "branch-1": it already belongs to another IpsecTunnelPsk, which names it by ipsecTunnelId`,
    ],
    [
      "by its ID after its name",
      byName,
      byId,
      `Cannot manage the key of IPsec tunnel ${ipsecTunnelId}: it already belongs to another IpsecTunnelPsk, which names it by ipsecTunnelName "branch-1"`,
    ],
  ])("refuses to let a tunnel be claimed %s", (_what, first, second, summary) => {
    const { claim } = createTunnelClaims();
    claim(first);

    expect(() => {
      claim(second);
    }).toThrow(`${summary} (ERR_INVALID_INPUT)\nWhat to do: ${REMEDY}\n`);
  });

  it.each<[string, ResolvedInputs, ResolvedInputs]>([
    ["another way", byId, byName],
    ["another name", byName, { ...byName, ipsecTunnelName: "paris" }],
  ])("lets a later diff name a tunnel in %s, as that of the program does after a refresh", (_what, old, now) => {
    const { claim, claimInDiff } = createTunnelClaims();
    claimInDiff(old);

    expect(() => {
      claimInDiff(now);
      claim(now);
    }).not.toThrow();
  });

  it("refuses a second resource of a tunnel that a diff has claimed", () => {
    const { claim, claimInDiff } = createTunnelClaims();
    claimInDiff(byName);

    expect(() => {
      claim(byId);
    }).toThrow("ERR_INVALID_INPUT");
  });

  it("refuses a diff of a tunnel that a second resource has claimed, even if it was diffed again before", () => {
    const { claim, claimInDiff } = createTunnelClaims();
    claim(byName);
    claimInDiff(byName);

    expect(() => {
      claimInDiff(byId);
    }).toThrow("ERR_INVALID_INPUT");
  });
});
