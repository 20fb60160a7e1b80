import * as pulumi from "@pulumi/pulumi";
import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import { quote } from "../psk/quote";
import { ACCOUNT_OF_TUNNEL } from "../psk/sentinels";

/**
 * A tunnel as `@pulumi/cloudflare` has it: a `MagicWanIpsecTunnel`, or `ipsecTunnel` of `getMagicWanIpsecTunnelOutput`. Only these
 * fields are read. Its `id` is not one of them, because that of a `MagicWanIpsecTunnel` is the ID of the account.
 */
export interface TunnelArgument {
  /** Cloudflare lets no two tunnels of an account have the same name. */
  readonly name: pulumi.Input<string>;
  /** The account of the tunnel. */
  readonly accountId?: pulumi.Input<string | undefined>;
  /** RFC 3339, UTC: it tells the tunnel from one that is created later under the same name. */
  readonly createdOn?: pulumi.Input<string | undefined>;
}

/** The arguments that say which tunnel a key is for. */
export interface TunnelNaming {
  readonly accountId?: pulumi.Input<string | undefined>;
  readonly ipsecTunnelId?: pulumi.Input<string | undefined>;
  readonly ipsecTunnelName?: pulumi.Input<string | undefined>;
  readonly ipsecTunnelCreatedOn?: pulumi.Input<string | undefined>;
}

/**
 * Returns the account, the name and the creation time of a tunnel. The tunnel itself must not become an input: its properties, and
 * the `psk` among them, would get into the state.
 *
 * @param name - The name of the resource.
 * @param args - The arguments beside the tunnel.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_INPUT` if these name the tunnel, too.
 */
export function namingOf(name: string, tunnel: pulumi.Input<TunnelArgument>, args: TunnelNaming): TunnelNaming {
  const others = (["ipsecTunnelId", "ipsecTunnelName", "ipsecTunnelCreatedOn"] as const).filter(
    (other) => args[other] !== undefined,
  );
  if (others.length > 0) throw namedTwice(name, others);
  const { name: ipsecTunnelName, accountId, createdOn: ipsecTunnelCreatedOn } = fieldsOf(tunnel);
  const account = args.accountId === undefined ? { accountId } : { [ACCOUNT_OF_TUNNEL]: accountId };
  return { ...account, ipsecTunnelName, ...given({ ipsecTunnelCreatedOn }) };
}

// A resource stays one inside an output, so its properties are outputs in either case.
function fieldsOf(tunnel: pulumi.Input<TunnelArgument>): TunnelArgument {
  if (!pulumi.Output.isInstance(tunnel) && !(tunnel instanceof Promise)) return tunnel;
  const known = pulumi.output(tunnel) as unknown as pulumi.Output<TunnelArgument>;
  const field = (name: keyof TunnelArgument) =>
    known.apply((fields) => fields[name]) as unknown as pulumi.Output<string>;
  return { name: field("name"), accountId: field("accountId"), createdOn: field("createdOn") };
}

function namedTwice(name: string, others: readonly string[]): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_INVALID_INPUT", {
    summary: `Cannot create IpsecTunnelPsk ${quote(name)}: tunnel and ${others.join(" and ")} name one tunnel twice`,
    remedy: `Remove ${others.join(" and ")}: tunnel is enough.`,
  });
}
