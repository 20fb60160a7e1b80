import { COMPATIBLE_WITH } from "../../../src/cloud-vpns";
import { DIALECT_NAMES } from "../../../src/gateways/dialects";
import { tunnelRules } from "../../../src/gateways/validate-tunnel";
import { outputsOf } from "../../../src/native/outputs";
import committed from "../../../src/native/schema.json";
import { CONNECTION_SETTINGS, SETTING_NAMES } from "../../../src/connection/settings";
import { checkInputs } from "../../../src/psk/check-inputs";
import { INPUT_NAMES, type Inputs } from "../../../src/psk/inputs";
import { STATE_VERSION, type StoredState } from "../../../src/psk/state";
import { createSchema, type PropertySchema } from "../../../tools/schema/create-schema";
import { GOOD_INPUTS, inputsWith } from "../../support/input-samples";

const schema = createSchema();
const { resources, types, provider, functions } = schema;
const key = resources["cloudflare-ipsec-psk:index:IpsecTunnelPsk"];
const gateway = resources["cloudflare-ipsec-psk:index:GatewayConfig"];

const ID = "0123456789abcdef0123456789abcdef";

/** A value of a type that is wrong for a property. */
const wrongFor = ({ type }: PropertySchema) => (type === "string" ? 1 : "fake");

const enumIn = (name: string) => {
  const type = types[`cloudflare-ipsec-psk:index:${name}`];
  return type?.type === "string" ? type.enum.map(({ value }) => value) : [];
};

describe("the schema of the native package", () => {
  it("is what `npm run schema -- --write` writes", () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it("has the inputs that the provider checks, with their types, and no other", () => {
    const inputs = Object.entries(key?.inputProperties ?? {});

    expect(inputs.map(([name]) => name)).toEqual(INPUT_NAMES);
    expect(checkInputs(GOOD_INPUTS)).toEqual([]);
    for (const [name, property] of inputs) {
      const wrong = { ...inputsWith(name as keyof Inputs), [name]: wrongFor(property) };
      expect(checkInputs(wrong).map((problem) => problem.property)).toEqual([name]);
    }
  });

  it("requires the inputs that the provider requires", () => {
    const missing = Object.keys(GOOD_INPUTS).filter((name) => {
      const others = Object.entries(GOOD_INPUTS).filter(([other]) => other !== name);
      return checkInputs(Object.fromEntries(others)).some(({ property }) => property === name);
    });

    expect(key?.requiredInputs).toEqual(missing);
  });

  it("has every output that the provider gives, but what is only its own", () => {
    const state: StoredState = {
      accountId: ID,
      ipsecTunnelId: ID,
      rotationTriggers: { quarter: "Q1" },
      psk: "fake-key-for-tests",
      lastGeneratedOn: "2026-01-01T00:00:00Z",
      ipsecId: `33145236_${ID}`,
      status: "superseded",
      supersededOn: "2026-01-02T00:00:00Z",
      stateVersion: STATE_VERSION,
    };
    const given = Object.keys(outputsOf(state, { rotateAfterDays: 90 }, () => false));

    expect(given.filter((name) => name !== "stateVersion").sort()).toEqual(Object.keys(key?.properties ?? {}).sort());
  });

  it("accepts for each enum what the package accepts", () => {
    expect(enumIn("CompatibleCloudVpn")).toEqual(COMPATIBLE_WITH);
    expect(enumIn("Dialect")).toEqual(DIALECT_NAMES);
    for (const value of enumIn("OnExternalRotation")) {
      expect(checkInputs({ ...GOOD_INPUTS, onExternalRotation: value })).toEqual([]);
    }
  });

  it("has the fields of a router's description in GatewayConfig, and no other", () => {
    const { dialect, tunnel, ...fields } = gateway?.inputProperties ?? {};
    const foreign = Object.keys(fields).filter((name) =>
      tunnelRules({ [name]: "fake" }).some(({ reason }) => reason.includes("is not a field")),
    );

    expect(dialect).toBeDefined();
    expect(tunnel).toBeDefined();
    expect(foreign).toEqual([]);
    expect(Object.keys(gateway?.properties ?? {})).toEqual(["text"]);
  });

  it("requires in GatewayConfig what every description has", () => {
    expect(gateway?.requiredInputs).toEqual(["dialect", "name", "psk"]);
  });

  it("takes as tunnel what a function of another package returns, whatever else that has", () => {
    expect(gateway?.inputProperties.tunnel?.$ref).toBe("pulumi.json#/Any");
  });

  it("has each type that it refers to", () => {
    const references = [...JSON.stringify(schema).matchAll(/"#\/types\/([^"]+)"/g)].map(([, name]) => name);

    expect([...new Set(references)].sort()).toEqual(Object.keys(types).sort());
  });

  it("has every credential and setting as configuration", () => {
    expect(Object.keys(provider.inputProperties)).toEqual([...CONNECTION_SETTINGS, ...SETTING_NAMES]);
  });

  it("marks every key, text and credential as secret, and nothing else", () => {
    const all = [
      ...Object.values(resources).flatMap(({ inputProperties, properties }) => [inputProperties, properties]),
      ...Object.values(functions).flatMap(({ inputs, outputs }) => [inputs.properties, outputs.properties]),
      ...Object.values(types).map((type) => (type.type === "object" ? type.properties : {})),
      provider.inputProperties,
    ].flatMap((properties) => Object.entries(properties));
    const secret = all.filter(([, property]) => property.secret === true).map(([name]) => name);

    expect([...new Set(secret)].sort()).toEqual(["apiKey", "apiToken", "psk", "text"]);
    expect(all.filter(([name, { secret }]) => ["psk", "text"].includes(name) && secret !== true)).toEqual([]);
  });

  it("describes every resource, function, type, property and enum value, without words of TypeScript", () => {
    const objects = Object.entries(types).flatMap(([name, type]) =>
      type.type === "object" ? [[name, type] as const] : [],
    );
    const values = Object.entries(types).flatMap(([name, type]) =>
      type.type === "string" ? type.enum.map((value) => [`${name}.${value.value}`, value] as const) : [],
    );
    const properties = [
      ...Object.values(resources).flatMap((resource) => [resource.inputProperties, resource.properties]),
      ...Object.values(functions).flatMap(({ inputs, outputs }) => [inputs.properties, outputs.properties]),
      ...objects.map(([, type]) => type.properties),
      provider.inputProperties,
    ];
    const all: readonly (readonly [string, { readonly description?: string }])[] = [
      ...Object.entries({ ...resources, ...functions, ...types, provider }),
      ...values,
      ...properties.flatMap((some) => Object.entries(some)),
    ];

    expect(values.map(([name]) => name)).toContain("cloudflare-ipsec-psk:index:PskStatus.lost");
    expect(all.filter(([, { description = "" }]) => !/^[A-Z`].*\.$/s.test(description))).toEqual([]);
    expect(JSON.stringify(schema)).not.toMatch(/\{@|undefined|pulumi\.Input/);
  });

  it("names the environment variables of credentials, but not as arguments, which SDKs would fill and the state would keep", () => {
    const { variables } = schema.config;
    const named = Object.entries(variables).flatMap(([name, { defaultInfo }]) =>
      defaultInfo ? [[name, defaultInfo]] : [],
    );

    expect(Object.fromEntries(named)).toEqual({
      apiToken: { environment: ["CLOUDFLARE_API_TOKEN"] },
      apiKey: { environment: ["CLOUDFLARE_API_KEY"] },
      email: { environment: ["CLOUDFLARE_EMAIL"] },
      baseUrl: { environment: ["CLOUDFLARE_BASE_URL"] },
    });
    expect(JSON.stringify(provider)).not.toContain("defaultInfo");
  });

  it("takes its addresses from package.json, as soon as that has them", () => {
    const description = "A package";
    const repository = { url: "git+https://git.example/ipsec-psk.git" };

    expect(createSchema({ description })).toEqual(
      expect.not.objectContaining({ repository: expect.anything() as string }),
    );
    expect(createSchema({ description, repository })).toMatchObject({
      repository: "https://git.example/ipsec-psk",
      homepage: "https://git.example/ipsec-psk",
    });
  });

  it("names no place of the plugin's archives before package.json does", () => {
    expect(createSchema({ description: "A package" })).not.toHaveProperty("pluginDownloadURL");
    const repository = { url: "git+https://git.example/ipsec-psk.git" };
    expect(createSchema({ description: "A package", repository })).not.toHaveProperty("pluginDownloadURL");
  });

  it.each([
    ["the releases of a repository on GitHub", {}, "github://api.github.com/example/ipsec-psk"],
    ["the address of config, if there is one", { pluginDownloadURL: "https://get.example" }, "https://get.example"],
  ])("has Pulumi download the plugin from %s", (_where, config, pluginDownloadURL) => {
    const repository = { url: "git+https://github.com/example/ipsec-psk.git" };

    expect(createSchema({ description: "A package", repository, config })).toMatchObject({ pluginDownloadURL });
  });
});
