import { CONNECTION_SETTINGS, PROVIDER_NAME_KEY, SETTING_NAMES } from "../connection/settings";
import { quote } from "../psk/quote";
import { hasUnknown } from "../psk/sentinels";
import { nameIn, projectIn } from "./urn";
import { plain, type Properties, secret } from "./wire";

/**
 * Returns a lookup in the configuration of a provider instance, by the keys that the rest of this package uses:
 * `cloudflare-ipsec-psk:<name>`.
 *
 * @param urn - The provider instance, if the engine names it.
 */
export function configurationOf(values: Properties, urn: string | undefined): (key: string) => string | undefined {
  const known = plain(values) as Properties;
  const name = urn === undefined ? undefined : explicitName(nameIn(urn));
  return (key) => {
    if (key === PROVIDER_NAME_KEY) return name;
    const value = known[key.slice(key.indexOf(":") + 1)];
    if (value === undefined || hasUnknown(value)) return undefined;
    // Values of the stack's configuration are strings; those of an explicit provider may keep their types.
    return typeof value === "string" ? value : JSON.stringify(value);
  };
}

// "default", "default_0_1_0": https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/source_eval.go
function explicitName(name: string): string | undefined {
  return /^default(_|$)/.test(name) ? undefined : name;
}

const KNOWN: readonly string[] = [...CONNECTION_SETTINGS, ...SETTING_NAMES];

// https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/providers/registry.go: what the engine adds for itself.
const ENGINES: readonly string[] = [
  "version",
  "pluginDownloadURL",
  "pluginChecksums",
  "parameterization",
  "envVarMappings",
];

/**
 * Says which names of a configuration are no settings; `undefined` if all are. Never quotes a value: it may be a misspelled token.
 *
 * @param urn - The provider instance, if the engine names it.
 */
export function unknownSettings(values: Properties, urn: string | undefined): string | undefined {
  // The stack's configuration has the program's own keys there, if the project has the name of this package.
  if (urn !== undefined && projectIn(urn) === "cloudflare-ipsec-psk" && explicitName(nameIn(urn)) === undefined)
    return undefined;
  const foreign = Object.keys(values).filter(
    (name) => !KNOWN.includes(name) && !ENGINES.includes(name) && !name.startsWith("__"),
  );
  if (foreign.length === 0) return undefined;
  const names = foreign.map(quote).join(" and ");
  return `Cannot use ${names}: cloudflare-ipsec-psk has no such ${foreign.length === 1 ? "setting" : "settings"}. Use ${KNOWN.join(", ")}.`;
}

/** Returns a configuration as it goes into the state: credentials are encrypted there, even if the program does not mark them. */
export function withSecretCredentials(values: Properties): Properties {
  return { ...values, apiToken: secret(values.apiToken), apiKey: secret(values.apiKey) };
}
