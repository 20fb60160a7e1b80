import * as pulumi from "@pulumi/pulumi";
import { acceptedPsk, type PskConsumer } from "../gateways/psk-problems";

/**
 * Returns a key that a consumer accepts, unchanged and secret. Use it where the key goes to that consumer.
 *
 * @param psk - The key, usually `psk` of an `IpsecTunnelPsk`.
 * @param consumer - A cloud's VPN service, or a router by its dialect.
 * @returns The key. One that is not accepted fails the program, once it is known, with `ERR_UNSUITABLE_PSK`: the error names
 *   the consumer, every rule that the key breaks (one line each, also in `details.problems`) and what to do. It never quotes the
 *   key.
 * @example
 * ```ts
 * import { checkPsk, IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";
 *
 * const key = new IpsecTunnelPsk("branch-1", { accountId, ipsecTunnelId });
 * const tunnel1PresharedKey = checkPsk(key.psk, "aws");
 * ```
 */
export function checkPsk(psk: pulumi.Input<string>, consumer: PskConsumer): pulumi.Output<string> {
  return pulumi.secret(pulumi.output(psk).apply((value) => acceptedPsk(value, consumer)));
}
