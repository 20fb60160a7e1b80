import * as pulumi from "@pulumi/pulumi";
import { join } from "node:path";
import {
  gatewayConfig,
  type GatewayConfigArgs,
  type IpsecTunnelPskArgs,
  IpsecTunnelPsk,
  Provider,
  type ProviderArgs,
} from "../../../src";
import type { Dialect } from "../../../src/gateways";
import { ROOT } from "../build";

/** A kind of provider, as a program of this process uses it. What both kinds promise is tested with {@link KINDS}. */
export interface Kind {
  readonly kind: "dynamic" | "native";
  /** What the keys of the stack's configuration begin with. */
  readonly namespace: "cloudflare" | "cloudflare-ipsec-psk";
  /** The type of the key resource. */
  readonly type: string;
  /** What the command of its process contains. */
  readonly process: string;
  /** The folders of plugins that the engine starts, by package. */
  readonly plugins: Readonly<Record<string, string>>;
  readonly Key: typeof IpsecTunnelPsk;
  readonly Provider: typeof Provider;
  /** Renders a router's configuration, under a name. */
  readonly render: (name: string, dialect: Dialect, args: GatewayConfigArgs) => pulumi.Output<string>;
}

/** The resource of the native provider, as an SDK that Pulumi generates would declare it. */
class NativeKey extends pulumi.CustomResource {
  constructor(name: string, args: IpsecTunnelPskArgs, options?: pulumi.CustomResourceOptions) {
    // The alias of the schema, which every SDK carries.
    const own = { aliases: [{ type: DYNAMIC_KEY }], additionalSecretOutputs: ["psk"] };
    super(NATIVE_KEY, name, { ...OUTPUTS, ...args }, pulumi.mergeOptions(own, options));
  }
}

const DYNAMIC_KEY = "pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk";
const NATIVE_KEY = "cloudflare-ipsec-psk:index:IpsecTunnelPsk";

/** Pulumi's SDK resolves what is there, even if it is undefined. */
const OUTPUTS: Readonly<Record<string, undefined>> = Object.fromEntries(
  [
    "accountId",
    "ipsecTunnelId",
    "rotationTriggers",
    "psk",
    "lastGeneratedOn",
    "ipsecId",
    "status",
    "supersededOn",
    "nextRotationOn",
    "fqdnId",
    "userFqdnId",
    "keyId",
  ].map((name) => [name, undefined]),
);

class NativeProvider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, options?: pulumi.ResourceOptions) {
    super("cloudflare-ipsec-psk", name, Object.fromEntries(Object.entries(args).map(asText)) as pulumi.Inputs, options);
  }
}

// As generated SDKs do: what is not a string is sent as JSON.
function asText([name, value]: readonly [string, pulumi.Input<string | number | boolean>]) {
  return [
    name,
    pulumi.jsonStringify(value).apply((json) => (json.startsWith('"') ? (JSON.parse(json) as string) : json)),
  ];
}

class NativeGatewayConfig extends pulumi.CustomResource {
  declare readonly text: pulumi.Output<string>;

  constructor(name: string, args: Readonly<Record<string, unknown>>, options?: pulumi.CustomResourceOptions) {
    super("cloudflare-ipsec-psk:index:GatewayConfig", name, { text: undefined, ...args }, options);
  }
}

export const DYNAMIC: Kind = {
  kind: "dynamic",
  namespace: "cloudflare",
  type: DYNAMIC_KEY,
  process: "/cmd/dynamic-provider",
  plugins: {},
  Key: IpsecTunnelPsk,
  Provider,
  render: (_name, dialect, args) => gatewayConfig(dialect, args),
};

export const NATIVE: Kind = {
  kind: "native",
  namespace: "cloudflare-ipsec-psk",
  type: NATIVE_KEY,
  process: "/pulumi-resource-cloudflare-ipsec-psk",
  plugins: { "cloudflare-ipsec-psk": join(ROOT, "plugin") },
  Key: NativeKey as unknown as typeof IpsecTunnelPsk,
  Provider: NativeProvider as unknown as typeof Provider,
  render: (name, dialect, args) => new NativeGatewayConfig(name, { dialect, ...args }).text,
};

export const KINDS: readonly Kind[] = [DYNAMIC, NATIVE];
