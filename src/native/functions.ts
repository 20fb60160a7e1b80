import { acceptedPsk, type PskConsumer } from "../gateways/psk-problems";
import { plain, type Properties, Secret } from "./wire";

/**
 * The functions of this package, by token.
 *
 * @throws {IpsecTunnelPskError} for arguments that a function refuses.
 */
export const functions: ReadonlyMap<string, (args: Properties) => Properties> = new Map([
  [
    "cloudflare-ipsec-psk:index:checkPsk",
    (args) => {
      const { psk, consumer } = plain(args) as { readonly psk: string; readonly consumer: PskConsumer };
      return { psk: new Secret(acceptedPsk(psk, consumer)) };
    },
  ],
]);
