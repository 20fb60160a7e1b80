import * as pulumi from "@pulumi/pulumi";
import type { Dialect, GatewayTunnel } from "../gateways";
import { checkGateway, renderGateway } from "../gateways/render-gateway";

/** A {@link GatewayTunnel} whose fields may be outputs; an identity as the key resource gives it. */
export type GatewayConfigArgs = {
  readonly [Field in keyof GatewayTunnel]: pulumi.Input<
    Field extends "fqdnId" | "userFqdnId" | "keyId" ? string | undefined : GatewayTunnel[Field]
  >;
};

/**
 * Renders a router's configuration with the key in it, as a secret output.
 *
 * @param dialect - `"strongswan"`: a `swanctl.conf`. `"vyos"`, `"junos"` and `"panos"`: `set` commands. `"ciscoIosXe"` and
 *   `"fortios"`: commands of the configuration mode. `"markdown"`: a sheet of values for what is configured by hand.
 * @returns The whole text. An output that is wrong fails the program, once it is known, with `ERR_INVALID_GATEWAY`.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY`, immediately, if plain (non-output) arguments have mistakes: a
 *   preview finds them before a key is generated. The message has a line for each mistake, `details.mistakes` its field.
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
  const fields = Object.entries(args);
  const given = fields.filter(([, value]) => !isOpen(value));
  const open = fields.filter(([, value]) => isOpen(value)).map(([field]) => field);
  checkGateway(dialect, Object.fromEntries(given), open);
  return pulumi.secret(pulumi.all(args).apply((tunnel) => renderGateway(dialect, tunnel as Partial<GatewayTunnel>)));
}

function isOpen(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise || (Array.isArray(value) && value.some(isOpen));
}
