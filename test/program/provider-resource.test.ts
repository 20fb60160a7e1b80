import * as pulumi from "@pulumi/pulumi";
import type * as Copy from "../../src/program/provider-resource";
import { Provider, providerOf } from "../../src/program/provider-resource";
import { DEFAULTS, SETTING_NAMES, settingKey } from "../../src/connection/settings";
import { wireSecret } from "../support/dynamic-provider-host";
import { failureOf } from "../support/failure-of";
import { settled } from "../support/output";

const TYPE = "pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk";
const FAKE_TOKEN = "fake-token-for-tests-only";

class OtherProvider extends pulumi.ProviderResource {
  constructor(name: string) {
    super("cloudflare", name);
  }
}

class Component extends pulumi.ComponentResource {
  constructor(opts: pulumi.ComponentResourceOptions) {
    super("fake:index:Component", "branch", {}, opts);
  }
}

let registered: pulumi.runtime.MockResourceArgs[];

beforeEach(async () => {
  registered = [];
  const newResource = (resource: pulumi.runtime.MockResourceArgs) => {
    registered.push(resource);
    return { id: "fake-id", state: resource.inputs as object };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", true);
});

// A resource that is still being registered would use the next test's mocks.
afterEach(() => pulumi.runtime.disconnect());

describe("new Provider()", () => {
  it("registers a provider for Pulumi's dynamic resources", async () => {
    await settled(new Provider("emea", { apiToken: FAKE_TOKEN }).urn);

    expect(registered).toMatchObject([{ type: "pulumi:providers:pulumi-nodejs", name: "emea" }]);
  });

  it("passes its process the same keys as the stack, and its name", async () => {
    const provider = new Provider("emea", {
      apiKey: "fake-key",
      email: "fake@example.com",
      baseUrl: "https://api.example.com/client/v4",
    });

    expect((await settled(provider.configuration)).value).toEqual({
      "cloudflare-ipsec-psk:provider": "emea",
      "cloudflare:apiKey": "fake-key",
      "cloudflare:email": "fake@example.com",
      "cloudflare:baseUrl": "https://api.example.com/client/v4",
    });
  });

  it("rejects an argument that does not exist, and names those that do", () => {
    const args = { apiToken: FAKE_TOKEN, requestTimeout: 5_000, maxReads: 1 };

    const { code, message } = failureOf(() => new Provider("emea", args));

    expect(code).toBe("ERR_INVALID_SETTING");
    expect(message).toContain(
      'Cannot create Provider "emea": "requestTimeout" and "maxReads" are not arguments of Provider',
    );
    expect(message).toContain("requestTimeoutMs, ");
    expect(message).not.toContain(FAKE_TOKEN);
  });

  it("passes every setting as a string", async () => {
    const settings = Object.fromEntries(SETTING_NAMES.map((name) => [name, DEFAULTS[name]]));

    const provider = new Provider("emea", { ...settings, maxPreviewValidations: pulumi.output(7) });

    const expected = SETTING_NAMES.map((name) => [settingKey(name), String(DEFAULTS[name])]);
    expect((await settled(provider.configuration)).value).toEqual({
      "cloudflare-ipsec-psk:provider": "emea",
      ...Object.fromEntries(expected),
      "cloudflare-ipsec-psk:maxPreviewValidations": "7",
    });
  });

  it.each([{ apiToken: FAKE_TOKEN }, { apiKey: FAKE_TOKEN }])("makes the credential of %j secret", async (args) => {
    expect(await settled(new Provider("emea", args).configuration)).toMatchObject({ known: true, secret: true });
  });

  it("has no secret without a credential", async () => {
    const { configuration } = new Provider("emea", { email: "fake@example.com", maxPreviewValidations: 7 });

    expect(await settled(configuration)).toMatchObject({ secret: false });
  });

  it("registers the configuration of its process", async () => {
    await settled(new Provider("emea", { apiToken: FAKE_TOKEN, maxPreviewValidations: 7 }).urn);

    expect(registered[0]?.inputs).toEqual({
      "cloudflare-ipsec-psk:provider": "emea",
      "cloudflare:apiToken": wireSecret(FAKE_TOKEN),
      "cloudflare-ipsec-psk:maxPreviewValidations": "7",
    });
  });
});

describe("Provider.isInstance()", () => {
  it("accepts a Provider of this package", () => {
    expect(Provider.isInstance(new Provider("emea", {}))).toBe(true);
  });

  it("accepts a Provider of another copy of this package", () => {
    jest.isolateModules(() => {
      const copy = jest.requireActual<typeof Copy>("../../src/program/provider-resource");
      expect(copy.Provider).not.toBe(Provider);
      expect(copy.Provider.isInstance(new Provider("emea", {}))).toBe(true);
    });
  });

  it.each([[undefined], [null], ["text"], [{}]])("rejects %p", (value) => {
    expect(Provider.isInstance(value)).toBe(false);
  });

  it("rejects another package's provider", () => {
    expect(Provider.isInstance(new OtherProvider("another"))).toBe(false);
  });
});

describe("providerOf()", () => {
  it("returns `undefined` if neither the resource nor a parent names one", () => {
    expect(providerOf(TYPE, "branch-1", {})).toBeUndefined();
  });

  it("returns the resource's own", () => {
    const provider = new Provider("emea", {});

    expect(providerOf(TYPE, "branch-1", { provider })).toBe(provider);
  });

  it.each<[string, (provider: Provider) => pulumi.ComponentResourceOptions]>([
    ["providers as a list", (provider) => ({ providers: [provider, new OtherProvider("another")] })],
    ["providers by package", (provider) => ({ providers: { "pulumi-nodejs": provider } })],
    ["provider", (provider) => ({ provider })],
  ])("returns the one that a parent component has as its %s", (_what, options) => {
    const provider = new Provider("emea", {});

    expect(providerOf(TYPE, "branch-1", { parent: new Component(options(provider)) })).toBe(provider);
  });

  it("returns the one of a component further up", () => {
    const provider = new Provider("emea", {});
    const parent = new Component({ parent: new Component({ provider }) });

    expect(providerOf(TYPE, "branch-1", { parent })).toBe(provider);
  });

  it("prefers the resource's own to that of a component", () => {
    const [own, above] = [new Provider("own", {}), new Provider("above", {})];
    const parent = new Component({ provider: above });

    expect(providerOf(TYPE, "branch-1", { provider: own, parent })).toBe(own);
  });

  it("ignores another package's provider of a component, which is for its other children", () => {
    const parent = new Component({ provider: new OtherProvider("another") });

    expect(providerOf(TYPE, "branch-1", { parent })).toBeUndefined();
  });

  it("refuses another package's provider, and names it and the resource", () => {
    const failure = failureOf(() => providerOf(TYPE, "branch-1", { provider: new OtherProvider("another") }));

    expect(failure.code).toBe("ERR_WRONG_PROVIDER");
    expect(failure.message).toContain('provider of the package "cloudflare" for IpsecTunnelPsk "branch-1"');
  });
});
