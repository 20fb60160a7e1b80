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

  it.each([
    ["unknown", { ...tunnel, ipsecTunnelId: UNKNOWN }],
    ["missing", { accountId: tunnel.accountId }],
    ["no text", { ...tunnel, accountId: 1 }],
  ])("claims nothing while an ID is %s", (_what, inputs) => {
    const claims = createClaims();
    claims.claim(call("first"), inputs);

    expect(claims.claim(call("second"), inputs)).toBeUndefined();
  });
});
