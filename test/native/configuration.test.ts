import { configurationOf, unknownSettings, withSecretCredentials } from "../../src/native/configuration";
import { CONNECTION_SETTINGS, SETTING_NAMES } from "../../src/connection/settings";
import { Secret } from "../../src/native/wire";
import { UNKNOWN } from "../../src/psk/sentinels";

const urn = (name: string) => `urn:pulumi:dev::demo::pulumi:providers:cloudflare-ipsec-psk::${name}`;

describe("configurationOf()", () => {
  it("looks keys up without their namespace, and unwraps secrets", () => {
    const get = configurationOf({ apiToken: new Secret("fake"), email: "a@example.com" }, undefined);

    expect([get("cloudflare-ipsec-psk:apiToken"), get("cloudflare-ipsec-psk:email")]).toEqual([
      "fake",
      "a@example.com",
    ]);
  });

  it("returns texts for what an explicit provider keeps as a number or boolean", () => {
    const get = configurationOf({ maxPreviewValidations: 1000000000000, detectDrift: false }, undefined);

    expect(get("cloudflare-ipsec-psk:maxPreviewValidations")).toBe("1000000000000");
    expect(get("cloudflare-ipsec-psk:detectDrift")).toBe("false");
  });

  it("knows nothing of what is missing, or known only after up", () => {
    const get = configurationOf({ apiToken: new Secret(UNKNOWN) }, undefined);

    expect([get("cloudflare-ipsec-psk:apiToken"), get("cloudflare-ipsec-psk:email")]).toEqual([undefined, undefined]);
  });

  it.each([
    [urn("emea"), "emea"],
    [urn("default"), undefined],
    [urn("default_0_1_0"), undefined],
    [urn("default-looking"), "default-looking"],
    [undefined, undefined],
  ])("names the provider of %s: %s", (provider, name) => {
    expect(configurationOf({}, provider)("cloudflare-ipsec-psk:provider")).toBe(name);
  });
});

describe("withSecretCredentials()", () => {
  it("encrypts credentials in the state, whatever the program says", () => {
    const values = { apiToken: "fake", apiKey: new Secret("fake"), email: "a@example.com" };

    expect(withSecretCredentials(values)).toEqual({
      apiToken: new Secret("fake"),
      apiKey: new Secret("fake"),
      email: "a@example.com",
    });
  });
});

describe("unknownSettings()", () => {
  it("names what is no setting, and quotes no value", () => {
    const said = unknownSettings(
      { apiTokn: "fake-token-for-tests", apiToken: "fake", detectDrfit: "true" },
      urn("emea"),
    );

    expect(said).toMatch(
      /^Cannot use "apiTokn" and "detectDrfit": cloudflare-ipsec-psk has no such settings\. Use apiToken, /,
    );
    expect(said).not.toContain("fake");
  });

  it("passes over every setting, and over what the engine adds", () => {
    const settings = [...CONNECTION_SETTINGS, ...SETTING_NAMES, "version", "pluginDownloadURL", "__internal"];

    expect(unknownSettings(Object.fromEntries(settings.map((name) => [name, "fake"])), urn("emea"))).toBeUndefined();
  });

  it("passes over a program's own keys if its project has the name of this package, but not over arguments of a provider", () => {
    const own = (name: string) => urn(name).replace("::demo::", "::cloudflare-ipsec-psk::");

    expect(unknownSettings({ color: "blue" }, own("default_0_1_0"))).toBeUndefined();
    expect(unknownSettings({ color: "blue" }, urn("default_0_1_0"))).toContain('"color"');
    expect(unknownSettings({ color: "blue" }, own("emea"))).toContain('"color"');
  });
});
