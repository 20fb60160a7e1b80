import { IpsecTunnelPskError } from "../errors";
import type { GatewayConfigArgs } from "../gateways/cloudflare-tunnel";
import type { Dialect } from "../gateways/dialects";
import { checkGatewayConfig, renderGatewayConfig } from "../gateways/render-gateway-config";
import { given } from "../given";
import { plainKey } from "../psk/marks";
import { quote } from "../psk/quote";
import { hasUnknown, UNKNOWN } from "../psk/sentinels";
import { changed, UNCHANGED } from "./diff";
import type { Outcome, ResourceKind } from "./resource-kind";
import { isObject, plain, type Properties, ResourceReference, Secret, secret } from "./wire";

/**
 * A router's configuration with the key in it. This resource calls no API. It is a resource and not a function so that a preview
 * checks what is known, before a key is generated: Pulumi calls a function only once all of its arguments are known.
 */
export const gatewayConfig: ResourceKind = {
  marked: withSecretKeys,

  check(_call, news) {
    const inputs = withSecretKeys(news);
    const problem = problemIn(inputs);
    // Does not name the property, because the engine would print its value.
    return { inputs, failures: problem === undefined ? [] : [{ property: "", reason: problem }] };
  },

  // Renders again, because a new release may render another text.
  diff: (_call, olds, news) => {
    requireMarks(news);
    const isSame = textOf(news) === plain(olds.outputs.text);
    return Promise.resolve(
      isSame ? UNCHANGED : changed(olds.inputs, news, { text: { kind: "update", in: "outputs" } }),
    );
  },

  create: ({ name }, inputs): Promise<Outcome> => Promise.resolve({ id: name, outputs: render(inputs) }),

  read: ({ name }, { outputs }) => {
    if (Object.keys(outputs).length === 0) return Promise.reject(importRefused(name));
    return Promise.resolve(outputs);
  },

  update: (_call, _olds, news) => Promise.resolve(render(news)),
};

function withSecretKeys(news: Properties): Properties {
  return given({ ...news, psk: secret(news.psk), tunnel: usedOf(news.tunnel) });
}

/** Does for a configuration what {@link plainKey} says. */
function requireMarks({ psk, tunnel }: Properties): void {
  const bgp = isObject(tunnel) ? tunnel.bgp : undefined;
  const keys = { psk, "tunnel.bgp.md5Key": isObject(bgp) ? bgp.md5Key : undefined };
  const unmarked = Object.entries(keys).filter(([, key]) => typeof key === "string" && !hasUnknown(key));
  if (unmarked.length > 0) throw plainKey(unmarked.map(([name]) => name));
}

/** Keeps only the fields of Cloudflare's tunnel that are used: the others may be unknown, or hold a key. */
function usedOf(tunnel: unknown): unknown {
  if (tunnel instanceof Secret) return secret(usedOf(tunnel.value));
  // Is refused in the preview, too, where the ID may be unknown.
  if (tunnel instanceof ResourceReference) return tunnel.urn;
  if (!isObject(tunnel)) return tunnel;
  const { cloudflareEndpoint, customerEndpoint, interfaceAddress, interfaceAddress6, bgp } = inCamelCase(tunnel);
  return given({ cloudflareEndpoint, customerEndpoint, interfaceAddress, interfaceAddress6, bgp: usedOfBgp(bgp) });
}

function usedOfBgp(bgp: unknown): unknown {
  if (bgp instanceof Secret) return secret(usedOfBgp(bgp.value));
  if (!isObject(bgp)) return bgp;
  const { customerAsn, md5Key } = inCamelCase(bgp);
  return given({ customerAsn, md5Key: secret(md5Key) });
}

/** Python sends what a function has returned with the names that it has there: `customer_asn`. */
function inCamelCase(properties: Properties): Properties {
  const rename = (name: string) => name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [rename(name), value]));
}

function render(inputs: Properties): Properties {
  requireMarks(inputs);
  return { text: new Secret(textOf(inputs)) };
}

/** Returns the whole text, or {@link UNKNOWN} if any input is. */
function textOf(inputs: Properties): string {
  const { dialect, description } = argumentsIn(inputs);
  return hasUnknown(plain(inputs)) ? UNKNOWN : renderGatewayConfig(dialect, description);
}

function argumentsIn(inputs: Properties) {
  const { dialect, ...description } = plain(inputs) as GatewayConfigArgs & { readonly dialect: Dialect };
  return { dialect, description };
}

/** Finds every problem in what is known. */
function problemIn(inputs: Properties): string | undefined {
  const { dialect, description } = argumentsIn(inputs);
  if (hasUnknown(dialect)) return undefined;
  const fields = Object.entries(description);
  const known = fields.filter(([, value]) => !hasUnknown(value));
  const open = fields.filter(([, value]) => hasUnknown(value)).map(([field]) => field);
  try {
    checkGatewayConfig(dialect, Object.fromEntries(known), open);
    return undefined;
  } catch (error) {
    if (!(error instanceof IpsecTunnelPskError)) throw error;
    return error.message;
  }
}

function importRefused(name: string): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_INVALID_INPUT", {
    summary: `Cannot read or import GatewayConfig ${quote(name)}: it exists only in the state of its stack`,
    remedy: "Create it: its arguments render the configuration again.",
  });
}
