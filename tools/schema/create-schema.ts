import packageJson from "../../package.json";
import { CLOUD_VPN_NAMES, type CloudVpn, COMPATIBLE_WITH, titleOf } from "../../src/cloud-vpns";
import { ENVIRONMENT_VARIABLES } from "../../src/cloudflare/credentials";
import { ADDITIONAL_KEY_EXCHANGES, type AdditionalKeyExchange } from "../../src/gateways/cloudflare-ike";
import { type Dialect, DIALECT_NAMES, DIALECTS } from "../../src/gateways/dialects";
import { given } from "../../src/given";
import { SETTING_NAMES } from "../../src/connection/settings";
import { VERSION } from "../../src/version";
import { githubPathOf } from "../release/github-path";
import { descriptionOf, type Member, type Members, membersOf, parameterOf, type Shape, valuesOf } from "./declarations";

const PACKAGE = "cloudflare-ipsec-psk";

/**
 * The schema of a Pulumi package, as far as this one needs it.
 * @see https://www.pulumi.com/docs/iac/using-pulumi/pulumi-packages/schema/
 */
export interface PackageSchema {
  readonly name: string;
  readonly config: { readonly variables: Properties };
  readonly types: Readonly<Record<string, TypeSchema>>;
  readonly provider: { readonly description: string; readonly inputProperties: Properties };
  readonly resources: Readonly<Record<string, ResourceSchema>>;
  readonly functions: Readonly<Record<string, FunctionSchema>>;
}

export interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
  readonly description?: string;
  readonly secret?: boolean;
  readonly defaultInfo?: { readonly environment: readonly string[] };
}

type Properties = Readonly<Record<string, PropertySchema>>;

interface ObjectSchema {
  readonly type: "object";
  readonly description?: string;
  readonly properties: Properties;
  readonly required: readonly string[];
}

type TypeSchema = ObjectSchema | EnumSchema;

interface EnumSchema {
  readonly type: "string";
  readonly description: string;
  readonly enum: readonly { readonly value: string; readonly description: string }[];
}

export interface ResourceSchema {
  readonly description: string;
  readonly inputProperties: Properties;
  readonly requiredInputs: readonly string[];
  readonly properties: Properties;
  readonly required: readonly string[];
  readonly aliases?: readonly { readonly type: string }[];
}

interface FunctionSchema {
  readonly description: string;
  readonly inputs: ObjectSchema;
  readonly outputs: ObjectSchema;
}

/** What the schema takes from package.json. */
export interface PackageJson {
  readonly description: string;
  /** In the form that npm itself writes: `git+https://….git`. The schema has no address before package.json has one. */
  readonly repository?: { readonly url: string };
  readonly homepage?: string;
  /** Where Pulumi downloads the plugin's archives. Default: the releases of `repository`, if that is on GitHub. */
  readonly config?: { readonly pluginDownloadURL?: string };
}

/** Creates the package's schema from the declarations and doc comments that TypeScript programs see. */
export function createSchema({ description, ...addresses }: PackageJson = packageJson): PackageSchema &
  Readonly<Record<string, unknown>> {
  const args = membersOf("psk/inputs.ts", "Inputs");
  const outputs = withDescriptionsOf(args, membersOf("program/ipsec-tunnel-psk.ts", "IpsecTunnelPsk"));
  const gateway = { dialect: DIALECT, ...gatewayMembers() };
  const gatewayOutputs = { text: text("The whole configuration, secret.") };
  const checked = { psk: text("The key, secret."), consumer: CONSUMER };
  const settings = propertiesOf({ ...membersOf("program/provider-resource.ts", "ProviderArgs"), ...settingMembers() });
  return {
    name: PACKAGE,
    displayName: "Cloudflare IPsec PSK",
    version: VERSION,
    description: `${description}.`,
    publisher: "The maintainers of pulumi-cloudflare-ipsec-psk",
    ...addressesOf(addresses),
    keywords: ["cloudflare", "ipsec", "magic-wan", "magic-transit", "psk", "category/network", "kind/native"],
    license: "Apache-2.0",
    config: { variables: withEnvironment(settings) },
    provider: {
      description: descriptionOf("program/provider-resource.ts", "Provider"),
      inputProperties: settings,
    },
    types: typeSchemas(),
    resources: {
      [token("IpsecTunnelPsk")]: {
        ...resource(descriptionOf("program/ipsec-tunnel-psk.ts", "IpsecTunnelPsk"), args, outputs),
        // The resource of TypeScript programs, whose state this one reads.
        aliases: [{ type: "pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk" }],
      },
      [token("GatewayConfig")]: resource(
        descriptionOf("native/gateway-config.ts", "gatewayConfig"),
        gateway,
        gatewayOutputs,
      ),
    },
    functions: {
      [token("checkPsk")]: {
        description: descriptionOf("program/check-psk.ts", "checkPsk"),
        inputs: object(checked),
        outputs: object({ psk: text("The same key, secret.") }),
      },
    },
    // SDKs are generated on the user's machine. Without these names, they would have Pulumi's own and that of no server.
    language: {
      nodejs: { respectSchemaVersion: true, packageName: PACKAGE, packageDescription: description },
      python: { respectSchemaVersion: true, pyproject: { enabled: true } },
      go: { respectSchemaVersion: true, importBasePath: `pulumi-${PACKAGE}/sdk/cloudflareipsecpsk` },
      csharp: { respectSchemaVersion: true },
    },
  };
}

function addressesOf({ repository, homepage, config }: Omit<PackageJson, "description">) {
  const url = repository?.url.replace(/^git\+/, "").replace(/\.git$/, "");
  const pluginDownloadURL = config?.pluginDownloadURL ?? githubReleasesOf(url);
  return given({ repository: url, homepage: homepage ?? url, pluginDownloadURL });
}

/** Returns how Pulumi writes the address of a repository's releases. */
function githubReleasesOf(url?: string): string | undefined {
  const path = githubPathOf(url);
  return path === undefined ? undefined : `github://api.github.com/${path}`;
}

/**
 * Adds the environment variables that supply what the configuration leaves out. The arguments of a provider get none: SDKs would
 * copy the variables into the arguments, so into the state, and a token from there would win over the `apiKey` of the program.
 */
function withEnvironment(settings: Properties): Properties {
  const variables: Readonly<Record<string, string>> = ENVIRONMENT_VARIABLES;
  const entries = Object.entries(settings).map(([name, property]) => {
    const variable = variables[name];
    return [
      name,
      variable === undefined ? property : { ...property, defaultInfo: { environment: [variable] } },
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** Returns the unions of strings, and the objects inside arguments, by their names in every language. */
function typeSchemas(): Readonly<Record<string, TypeSchema>> {
  const enums = Object.entries(ENUMS).map(([name, { description, values }]) => {
    const described = Object.entries(values).map(([value, words]) => ({ value, description: words }));
    return [token(name), { type: "string", description, enum: described } as const] as const;
  });
  const objects = {
    ExistingKey: object(membersOf("psk/inputs.ts", "ExistingKey"), descriptionOf("psk/inputs.ts", "ExistingKey")),
  };
  const named = Object.entries(objects).map(([name, type]) => [token(name), type] as const);
  return Object.fromEntries<TypeSchema>([...enums, ...named]);
}

/** Returns the fields of a description, and `tunnel`, which can supply some of them: so only the plugin can check which are missing. */
function gatewayMembers(): Members {
  const members = membersOf("gateways/tunnel.ts", "GatewayConfigFields");
  const { cloudflareEndpoint } = members;
  if (cloudflareEndpoint === undefined) throw new Error("Cannot find the declaration of cloudflareEndpoint");
  const description = `${cloudflareEndpoint.description} Required if \`tunnel\` does not have it.`;
  return {
    ...members,
    cloudflareEndpoint: { ...cloudflareEndpoint, isOptional: true, description },
    ...membersOf("gateways/cloudflare-tunnel.ts", "GatewayConfigArgs"),
  };
}

interface Enum {
  readonly description: string;
  /** What each value means. */
  readonly values: Readonly<Record<string, string>>;
}

const STATUS = descriptionOf("psk/state.ts", "PskStatus");

const ENUMS: Readonly<Record<string, Enum>> = {
  OnExternalRotation: {
    description: "What to do when someone else rotated the key.",
    values: {
      regenerate: "The next `up` generates a new key, or sets `psk` again.",
      fail: "Previews and updates fail, and send nothing, until you decide.",
    },
  },
  CompatibleCloudVpn: {
    description: "A cloud VPN that accepts some of the keys that Cloudflare generates, but not all.",
    values: worded(COMPATIBLE_WITH, cloud),
  },
  PskStatus: {
    description: (/^[^:]*/.exec(STATUS)?.[0] ?? "").concat("."),
    values: worded(valuesOf("psk/state.ts", "PskStatus"), (value) => itemOf(STATUS, value)),
  },
  Dialect: { description: descriptionOf("gateways/dialects.ts", "Dialect"), values: worded(DIALECT_NAMES, dialect) },
  AdditionalKeyExchange: {
    description: descriptionOf("gateways/cloudflare-ike.ts", "AdditionalKeyExchange"),
    values: worded(valuesOf("gateways/cloudflare-ike.ts", "AdditionalKeyExchange"), keyExchange),
  },
  PskConsumer: {
    description: descriptionOf("gateways/psk-problems.ts", "PskConsumer"),
    values: { ...worded(CLOUD_VPN_NAMES, cloud), ...worded(DIALECT_NAMES, dialect) },
  },
};

function worded(values: readonly string[], wordsFor: (value: string) => string): Readonly<Record<string, string>> {
  return Object.fromEntries(values.map((value) => [value, wordsFor(value)]));
}

function cloud(name: string): string {
  return `${titleOf(name as CloudVpn)}.`;
}

function dialect(name: string): string {
  return sentence(DIALECTS[name as Dialect].title);
}

function keyExchange(name: string): string {
  const { title, transformId } = ADDITIONAL_KEY_EXCHANGES[name as AdditionalKeyExchange];
  return `${title}, transform ID ${transformId}.`;
}

/** Returns what a doc comment says about one value, in a list: "- `active`: …;". */
function itemOf(description: string, value: string): string {
  const item = new RegExp(`^- \`${value}\`: (.+)[;.]$`, "m").exec(description)?.[1];
  if (item === undefined) throw new Error(`Cannot find what \`${value}\` means`);
  return sentence(item);
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

/** Types of other packages, whose objects have more fields than a type of this package could name, or lack some. */
const FOREIGN_TYPES = ["CloudflareTunnel"];

const DIALECT: Member = {
  shape: { kind: "named", name: "Dialect" },
  isOptional: false,
  description: parameterOf("program/gateway-config.ts", "gatewayConfig", "dialect"),
};

const CONSUMER: Member = {
  shape: { kind: "named", name: "PskConsumer" },
  isOptional: false,
  description: parameterOf("program/check-psk.ts", "checkPsk", "consumer"),
};

function text(description: string): Member {
  return { shape: { kind: "string" }, isOptional: false, description };
}

// `ProviderSettings` takes some of its members from `Limits`. All have defaults.
function settingMembers(): Members {
  const declared = {
    ...membersOf("psk/limits.ts", "Limits"),
    ...membersOf("connection/settings.ts", "ProviderSettings"),
  };
  return Object.fromEntries(
    SETTING_NAMES.map((name) => {
      const member = declared[name];
      if (member === undefined) throw new Error(`Cannot find the declaration of the setting ${name}`);
      return [name, { ...member, isOptional: true }];
    }),
  );
}

function withDescriptionsOf(args: Members, outputs: Members): Members {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, member]) => {
      const description = member.description || (args[name]?.description ?? "");
      return [name, { ...member, description }];
    }),
  );
}

function resource(description: string, inputs: Members, outputs: Members): ResourceSchema {
  return {
    description,
    inputProperties: propertiesOf(inputs),
    requiredInputs: requiredIn(inputs),
    properties: propertiesOf(outputs),
    required: requiredIn(outputs),
  };
}

function object(members: Members, description?: string): ObjectSchema {
  return {
    type: "object",
    ...given({ description }),
    properties: propertiesOf(members),
    required: requiredIn(members),
  };
}

function requiredIn(members: Members): string[] {
  return Object.keys(members).filter((name) => members[name]?.isOptional === false);
}

/** Properties that are encrypted in the state wherever they occur. */
const SECRETS = ["psk", "text", "apiToken", "apiKey"];

/** Properties whose numbers may need more than the 32 bits that an integer has in some languages. */
const LARGE_NUMBERS = ["customerAsn", "cloudflareAsn"];

function propertiesOf(members: Members): Properties {
  const entries = Object.entries(members).map(([name, { shape, description }]) => {
    const type = LARGE_NUMBERS.includes(name) ? { type: "number" } : typeOf(shape, name);
    return [name, { ...type, ...(SECRETS.includes(name) && { secret: true }), description }] as const;
  });
  return Object.fromEntries(entries);
}

function typeOf(shape: Shape, name: string): PropertySchema {
  switch (shape.kind) {
    case "string":
    case "boolean":
      return { type: shape.kind };
    case "number":
      return { type: "integer" };
    case "array":
      return { type: "array", items: typeOf(shape.of, name) };
    case "map":
      return { type: "object", additionalProperties: typeOf(shape.of, name) };
    case "oneOf":
      return reference(enumOf(shape.values));
    case "object":
      throw new Error(`Cannot name the type of ${name}: declare it by a name`);
    case "named":
      if (FOREIGN_TYPES.includes(shape.name)) return { $ref: "pulumi.json#/Any" };
      return reference(shape.name);
  }
}

function enumOf(values: readonly string[]): string {
  const found = Object.entries(ENUMS).find(([, known]) => Object.keys(known.values).join() === values.join());
  if (found === undefined) throw new Error(`Cannot name the type ${values.join(" | ")}: add it to ENUMS`);
  return found[0];
}

function reference(name: string): PropertySchema {
  return { $ref: `#/types/${token(name)}` };
}

function token(name: string): string {
  return `${PACKAGE}:index:${name}`;
}
