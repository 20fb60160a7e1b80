import * as pulumi from "@pulumi/pulumi";
import type { CloudflareTunnel, Dialect, GatewayConfigArgs as KnownArgs, GatewayConfigFields } from "../gateways";
import { checkGatewayConfig, renderGatewayConfig } from "../gateways/render-gateway-config";

/** A {@link CloudflareTunnel} whose fields may be outputs, as those of a `MagicWanIpsecTunnel` are. */
export type CloudflareTunnelArgs = {
  readonly [Field in keyof CloudflareTunnel]: pulumi.Input<CloudflareTunnel[Field]>;
};

/**
 * A {@link GatewayConfigFields} whose fields may be outputs; an identity as the key resource gives it. With `tunnel`, fields that are
 * not given come from there: `cloudflareEndpoint`, `customerEndpoint`, `interfaceAddress`, `interfaceAddress6`, `customerAsn`.
 */
export type GatewayConfigArgs = {
  readonly [Field in keyof Omit<GatewayConfigFields, "cloudflareEndpoint">]: pulumi.Input<
    Field extends "fqdnId" | "userFqdnId" | "keyId" ? string | undefined : GatewayConfigFields[Field]
  >;
} & (
  | { readonly cloudflareEndpoint: pulumi.Input<string>; readonly tunnel?: pulumi.Input<CloudflareTunnelArgs> }
  | { readonly cloudflareEndpoint?: pulumi.Input<string>; readonly tunnel: pulumi.Input<CloudflareTunnelArgs> }
);

/**
 * Renders a router's configuration with the key in it, as a secret output.
 *
 * @param dialect - `"strongswan"`: a `swanctl.conf`. `"vyos"`, `"junos"` and `"panos"`: `set` commands. `"ciscoIosXe"` and
 *   `"fortios"`: commands of the configuration mode. `"markdown"`: a sheet of values for what is configured by hand.
 * @param args - What the router needs to know about the tunnel; each may be an output.
 * @returns The whole text. An output that is wrong fails the program, once it is known, with `ERR_INVALID_GATEWAY`.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY`, immediately, if plain (non-output) arguments have mistakes: a
 *   preview finds them before a key is generated. The message has a line for each mistake, `details.problems` its field.
 * @example
 * ```ts
 * import { gatewayConfig, IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";
 *
 * const key = new IpsecTunnelPsk("branch-1", { accountId, ipsecTunnelId });
 * export const swanctl = gatewayConfig("strongswan", {
 *   name: "branch-1",
 *   psk: key.psk,
 *   fqdnId: key.fqdnId,
 *   cloudflareEndpoint: "203.0.113.10",
 * });
 * ```
 */
export function gatewayConfig(dialect: Dialect, args: GatewayConfigArgs): pulumi.Output<string> {
  const description = { ...args, ...existingTunnelIn(args) };
  const fields = Object.entries(description);
  const given = Object.fromEntries(fields.filter(([, value]) => !isOpen(value)));
  const open = fields.filter(([, value]) => isOpen(value)).map(([field]) => field);
  checkGatewayConfig(dialect, given, open);
  const known = pulumi.all({ ...description, ...checkedTunnel(dialect, description, given, open) });
  return pulumi.secret(known.apply((values) => renderGatewayConfig(dialect, values as KnownArgs)));
}

/** Checks a tunnel that is an output as soon as it is known. In a preview that is before the key is, so none is generated in vain. */
function checkedTunnel(dialect: Dialect, description: GatewayConfigArgs, given: KnownArgs, open: string[]) {
  if (!open.includes("tunnel")) return {};
  const others = open.filter((field) => field !== "tunnel");
  const tunnel = pulumi.output(description.tunnel).apply((known) => {
    checkGatewayConfig(dialect, { ...given, tunnel: known }, others);
    return known;
  });
  return { tunnel };
}

/** Copies the fields of `tunnel`, because Pulumi does not resolve the outputs of a resource that is an argument. */
function existingTunnelIn({ tunnel }: GatewayConfigArgs) {
  if (!pulumi.Resource.isInstance(tunnel)) return {};
  const { cloudflareEndpoint, customerEndpoint, interfaceAddress, interfaceAddress6, bgp } =
    tunnel as CloudflareTunnelArgs;
  return { tunnel: { cloudflareEndpoint, customerEndpoint, interfaceAddress, interfaceAddress6, bgp } };
}

function isOpen(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isOpen);
}
