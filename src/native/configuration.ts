import { PROVIDER_NAME_KEY } from "../provider/settings";
import { hasUnknown } from "../psk/sentinels";
import { nameIn } from "./urn";
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

/** Returns a configuration as it goes into the state: credentials are encrypted there, even if the program does not mark them. */
export function withSecretCredentials(values: Properties): Properties {
  return { ...values, apiToken: secret(values.apiToken), apiKey: secret(values.apiKey) };
}
