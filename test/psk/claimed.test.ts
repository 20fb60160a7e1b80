import { claimedBy, ownerIn } from "../../src/psk/claimed";
import { ipsecTunnelId } from "./support";

describe("ownerIn()", () => {
  it("finds the resource that claimedBy() names", () => {
    expect(ownerIn(claimedBy("branch-1"))).toBe("branch-1");
  });

  it.each([ipsecTunnelId, "", undefined, 5, null])("finds nobody in %j", (value) => {
    expect(ownerIn(value)).toBeUndefined();
  });
});
