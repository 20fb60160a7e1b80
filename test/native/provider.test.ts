import { createProvider } from "../../src/native/provider";
import { Secret } from "../../src/native/wire";
import { recordLines } from "./recorded-call";

const provider = () => createProvider({ lines: recordLines(), engineAddress: () => "" });

describe("checkConfig()", () => {
  it("accepts settings as texts and as values, and encrypts credentials", () => {
    const news = { apiToken: "fake", maxPreviewValidations: "10", previewTimeoutMs: 5000, detectDrift: false };

    expect(provider().checkConfig(news)).toEqual({ inputs: { ...news, apiToken: new Secret("fake") }, failures: [] });
  });

  it("finds a setting that cannot be used, under the key that it has in the stack's configuration", () => {
    expect(provider().checkConfig({ requestTimeoutMs: "soon" }).failures).toEqual([
      {
        property: "",
        reason: expect.stringContaining(
          'Cannot use cloudflare-ipsec-psk:requestTimeoutMs: it must be a whole number from 1000 to 999999999, but is "soon" (ERR_INVALID_SETTING)',
        ) as string,
      },
    ]);
  });

  it("refuses what is no setting, by name", () => {
    expect(provider().checkConfig({ apiTokn: "fake-token" }).failures).toEqual([
      { property: "", reason: expect.stringMatching(/^Cannot use "apiTokn": (?!.*fake-token)/) as string },
    ]);
  });

  it("names an argument of an explicit provider as one", () => {
    const urn = "urn:pulumi:dev::demo::pulumi:providers:cloudflare-ipsec-psk::emea";

    expect(provider().checkConfig({ requestTimeoutMs: "soon" }, urn).failures[0]?.reason).toContain(
      'Cannot use requestTimeoutMs of Provider "emea":',
    );
  });
});

describe("configure()", () => {
  it("never fails: what is wrong with a configuration fails the operations that need it", () => {
    expect(() => {
      provider().configure({ requestTimeoutMs: "soon", apiToken: "" }, undefined);
    }).not.toThrow();
  });
});

describe("kindOf()", () => {
  it.each(["IpsecTunnelPsk", "GatewayConfig"])("finds %s", async (name) => {
    expect(await provider().kindOf(`cloudflare-ipsec-psk:index:${name}`)).toHaveProperty("check");
  });

  it("refuses a type that this release does not have", async () => {
    await expect(provider().kindOf("cloudflare-ipsec-psk:index:Psk")).rejects.toThrow(
      'Cannot find "cloudflare-ipsec-psk:index:Psk": this release of the plugin has no such resource or function',
    );
  });
});

describe("invoke()", () => {
  const checkPsk = (psk: unknown, consumer: string) =>
    provider().invoke("cloudflare-ipsec-psk:index:checkPsk", { psk, consumer });

  it("checkPsk returns a key that its consumer accepts, as a secret", async () => {
    expect(await checkPsk(new Secret("fakekey1"), "aws")).toEqual({ psk: new Secret("fakekey1") });
    expect(await checkPsk("fakekey1", "vyos")).toEqual({ psk: new Secret("fakekey1") });
  });

  it("checkPsk fails with every rule that a key breaks, and reveals nothing about the key", async () => {
    const failure = checkPsk(new Secret("0-~fake"), "aws");

    await expect(failure).rejects.toThrow(
      /^Cannot use this key for AWS Site-to-Site VPN: it breaks 3 rules \(ERR_UNSUITABLE_PSK\)\n- psk must /,
    );
    await expect(failure).rejects.not.toThrow("0-~fake");
  });

  it("checkPsk refuses a consumer that it does not know", async () => {
    await expect(checkPsk("fakekey1", "nobody")).rejects.toThrow("consumer must be one of aws, azure");
  });

  it("refuses a function that this release does not have", async () => {
    for (const token of ["cloudflare-ipsec-psk:index:gatewayConfig", "constructor", "toString", "__proto__"])
      await expect(provider().invoke(token, {})).rejects.toThrow("Cannot find");
  });
});
