import { createClaims } from "../../src/native/claims";
import { UNKNOWN } from "../../src/psk/sentinels";

const tunnel = { accountId: "0123456789abcdef0123456789abcdef", ipsecTunnelId: "fedcba9876543210fedcba9876543210" };
const call = (name: string) => ({ name, urn: `urn:pulumi:dev::demo::type::${name}` });

describe("claim()", () => {
  it("names the first resource of a tunnel to the second", () => {
    const claims = createClaims();
    claims.claim(call("first"), tunnel);

    expect(claims.claim(call("second"), { ...tunnel })).toBe("first");
  });

  it("lets a resource be checked twice, as the engine does before it replaces one", () => {
    const claims = createClaims();

    expect([claims.claim(call("first"), tunnel), claims.claim(call("first"), tunnel)]).toEqual([undefined, undefined]);
  });

  it("tells resources of one name below different parents apart", () => {
    const claims = createClaims();
    claims.claim({ name: "key", urn: "urn:pulumi:dev::demo::a$type::key" }, tunnel);

    expect(claims.claim({ name: "key", urn: "urn:pulumi:dev::demo::b$type::key" }, tunnel)).toBe("key");
  });

  const named = { accountId: tunnel.accountId, ipsecTunnelName: "branch-1" };

  it("names the first resource of a tunnel's name to the second, whatever its pin", () => {
    const claims = createClaims();
    claims.claim(call("first"), named);

    const pinned = { ...named, ipsecTunnelCreatedOn: "2026-11-30T07:01:05Z" };
    expect(claims.claim(call("second"), pinned)).toBe("first");
  });

  it.each([
    ["in another case", { ...named, ipsecTunnelName: "Branch-1" }],
    ["in another account", { ...named, accountId: "f".repeat(32) }],
    ["as an ID", { ...tunnel, ipsecTunnelId: "branch-1" }],
  ])("takes a name %s for that of another tunnel", (_what, inputs) => {
    const claims = createClaims();
    claims.claim(call("first"), named);

    expect(claims.claim(call("second"), inputs)).toBeUndefined();
  });

  it.each([
    ["unknown", { ...tunnel, ipsecTunnelId: UNKNOWN }],
    ["an unknown name", { ...named, ipsecTunnelName: UNKNOWN }],
    ["missing", { accountId: tunnel.accountId }],
    ["no text", { ...tunnel, accountId: 1 }],
  ])("claims nothing while an ID is %s", (_what, inputs) => {
    const claims = createClaims();
    claims.claim(call("first"), inputs);

    expect(claims.claim(call("second"), inputs)).toBeUndefined();
  });
});
