import * as pulumi from "@pulumi/pulumi";
import { IpsecTunnelPskError } from "../errors";
import {
  configKey,
  CONNECTION_SETTINGS,
  PROVIDER_NAME_KEY,
  type ProviderSettings,
  SETTING_NAMES,
  settingKey,
} from "../connection/settings";
import { quote } from "../psk/quote";

/** The arguments of a {@link Provider}: a credential, and the settings of its process. */
export type ProviderArgs = {
  /** An API token with the permission "Magic WAN Write" or "Magic Transit Write"; has precedence over `apiKey`. @default environment variable `CLOUDFLARE_API_TOKEN` */
  readonly apiToken?: pulumi.Input<string>;
  /** An API key; requires `email`. Prefer an API token. @default environment variable `CLOUDFLARE_API_KEY` */
  readonly apiKey?: pulumi.Input<string>;
  /** The email address of the user that `apiKey` belongs to. @default environment variable `CLOUDFLARE_EMAIL` */
  readonly email?: pulumi.Input<string>;
  /** The base URL of Cloudflare's API. @default environment variable `CLOUDFLARE_BASE_URL`, or else https://api.cloudflare.com/client/v4 */
  readonly baseUrl?: pulumi.Input<string>;
} & { readonly [Name in keyof ProviderSettings]?: pulumi.Input<ProviderSettings[Name]> };

const BRAND = "__pulumiCloudflareIpsecPskProvider";

/**
 * A separate credential for some resources, for stacks with several accounts: pass it as `provider`, to a resource or to
 * a component above it. It does not read the stack's configuration; the environment supplies what it leaves out.
 *
 * @example
 * ```ts
 * import { IpsecTunnelPsk, Provider } from "pulumi-cloudflare-ipsec-psk";
 *
 * const emea = new Provider("emea", { apiToken: config.requireSecret("emeaToken") });
 * new IpsecTunnelPsk("paris", { accountId, ipsecTunnelId }, { provider: emea });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /** Tells whether a value is a `Provider` of this package, or of another copy of it. */
  static override isInstance(value: unknown): value is Provider {
    return (value as Record<string, unknown> | null | undefined)?.[BRAND] === true;
  }

  /** The configuration of this provider's process. @internal */
  readonly configuration: pulumi.Output<Readonly<Record<string, string>>>;

  /**
   * Declares a credential and settings for some resources.
   *
   * @param name - The provider's name in the stack; messages say it.
   * @param args - The credential, and settings of the process that Pulumi starts for it.
   * @param opts - Pulumi's resource options.
   * @throws {IpsecTunnelPskError} `ERR_INVALID_SETTING` for an argument that it does not have.
   */
  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    const configuration = toConfiguration(name, args);
    super("pulumi-nodejs", name, configuration, opts);
    Object.defineProperty(this, BRAND, { value: true });
    this.configuration = pulumi.output(configuration);
  }
}

// JavaScript programs have no compiler that finds these.
function requireKnown(name: string, args: object): void {
  const known: readonly string[] = [...CONNECTION_SETTINGS, ...SETTING_NAMES];
  const unknown = Object.keys(args).filter((field) => !known.includes(field));
  if (unknown.length === 0) return;
  throw new IpsecTunnelPskError("ERR_INVALID_SETTING", {
    summary: `Cannot create Provider ${quote(name)}: ${unknown.map(quote).join(" and ")} ${unknown.length === 1 ? "is not an argument" : "are not arguments"} of Provider`,
    remedy: `Use ${known.join(", ")}.`,
  });
}

// Pulumi's provider for dynamic resources takes keys with a namespace, and strings.
function toConfiguration(name: string, args: ProviderArgs): Record<string, pulumi.Input<string>> {
  requireKnown(name, args);
  const connection = CONNECTION_SETTINGS.map((field) => {
    const value = args[field];
    const isSecret = field === "apiToken" || field === "apiKey";
    return [configKey(field), value !== undefined && isSecret ? pulumi.secret(value) : value] as const;
  });
  const settings = SETTING_NAMES.map((setting) => {
    const value = args[setting];
    return [settingKey(setting), value === undefined ? undefined : pulumi.output(value).apply(String)] as const;
  });
  const given = [[PROVIDER_NAME_KEY, name] as const, ...connection, ...settings].filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(given) as Record<string, pulumi.Input<string>>;
}

/**
 * Returns the provider that a resource will use: its own, or the one of the components above it.
 *
 * @returns `undefined` for the stack's default provider.
 * @throws {IpsecTunnelPskError} `ERR_WRONG_PROVIDER` for another package's provider, which Pulumi would ignore silently.
 */
export function providerOf(
  type: string,
  name: string,
  { provider, parent }: pulumi.CustomResourceOptions,
): pulumi.ProviderResource | undefined {
  const packageOf = (resource: pulumi.ProviderResource) =>
    (resource as unknown as { getPackage?(): string }).getPackage?.();
  const own = provider === undefined ? undefined : packageOf(provider);
  if (own !== undefined && own !== "pulumi-nodejs") {
    throw new IpsecTunnelPskError("ERR_WRONG_PROVIDER", {
      summary: `Cannot use a provider of the package ${quote(own)} for IpsecTunnelPsk ${quote(name)}: it requires a Provider of pulumi-cloudflare-ipsec-psk`,
      remedy: 'Create one with `new Provider(…)` from "pulumi-cloudflare-ipsec-psk", or leave the option out.',
    });
  }
  return provider ?? parent?.getProvider(type);
}
