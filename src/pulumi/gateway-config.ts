import * as pulumi from "@pulumi/pulumi";
import { type Dialect, type GatewayTunnel, renderGateway } from "../gateways";

/** A {@link GatewayTunnel} whose fields may be outputs; an identity as the key resource gives it. */
export type GatewayConfigArgs = {
  readonly [Field in keyof GatewayTunnel]: pulumi.Input<
    Field extends "fqdnId" | "userFqdnId" | "keyId" ? string | undefined : GatewayTunnel[Field]
  >;
};

/**
 * A router's configuration with the key in it, as a secret output.
 *
 * @param dialect - `"strongswan"`: a `swanctl.conf`. `"vyos"`, `"junos"` and `"panos"`: `set` commands. `"ciscoIosXe"` and
 *   `"fortios"`: commands of the configuration mode. `"markdown"`: a sheet of values for what is configured by hand.
 * @returns The whole text. An argument that is wrong fails the program with `ERR_INVALID_GATEWAY`.
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
  return pulumi.secret(pulumi.all(args).apply((tunnel) => renderGateway(dialect, tunnel as Partial<GatewayTunnel>)));
}
