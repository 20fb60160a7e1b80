import { renderGatewayConfig } from "../../src/gateways";

/** Returns the routers that the sheet says a key is not for. */
function refusingRouters(psk: string): string[] {
  const sheet = renderGatewayConfig("markdown", {
    name: "branch-1",
    psk,
    fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
    cloudflareEndpoint: "203.0.113.1",
  });
  return [...sheet.matchAll(/^Not for (.+?): the key must /gm)].map(([, router = ""]) => router);
}

describe("renderGatewayConfig(markdown)", () => {
  it.each([
    ["starts with 0x", "0xfa4efa4e", ["strongSwan", "FortiOS", "RouterOS"]],
    ["starts with 0S", "0Sfa4efa4e", ["strongSwan"]],
    ["starts with 00x", "00xfa4efa4e", ["FortiOS"]],
    ["starts with $9$", "$9$fake-key", ["Junos"]],
    ["starts with -AQ==", "-AQ==fake-key", ["PAN-OS"]],
    ["has 3 characters", "f".repeat(3), ["FortiOS", "SonicOS"]],
    ["has 4 characters", "f".repeat(4), ["FortiOS"]],
    ["has 5 characters", "f".repeat(5), ["FortiOS"]],
    ["has 129 characters", "f".repeat(129), ["FortiOS"]],
    ["has 256 characters", "f".repeat(256), ["FortiOS", "Junos", "PAN-OS"]],
  ])("names the routers that alter or refuse a key that %s", (_what, psk, routers) => {
    expect(refusingRouters(psk).sort()).toEqual([...routers].sort());
  });

  it.each(["fake-key-for-tests-only", "f".repeat(6), "f".repeat(128), "1x0s00x"])(
    "warns of no router for the key %s",
    (psk) => {
      expect(refusingRouters(psk)).toEqual([]);
    },
  );

  it("says why a router refuses a key, and what to do", () => {
    const sheet = renderGatewayConfig("markdown", {
      name: "branch-1",
      psk: "00xfa4e",
      keyId: `33145236_${"b".repeat(32)}`,
      cloudflareEndpoint: "203.0.113.1",
    });

    expect(sheet).toContain(
      "\nNot for FortiOS: the key must not start with 00x, because FortiOS drops the first 0. Generate another key.\n",
    );
  });
});
