import * as pulumi from "@pulumi/pulumi";
import { quote } from "../psk/quote";

/**
 * Warns of a tunnel resource in the same program that sets a `psk`: every update of the tunnel sends that psk, which replaces the
 * generated key. The tunnel is found through the output that its ID came from.
 *
 * @param resource - Where the warning is shown.
 */
export async function warnOfTunnelPsk(ipsecTunnelId: pulumi.Input<string>, resource: pulumi.Resource): Promise<void> {
  for (const tunnel of await tunnelsBehind(ipsecTunnelId)) {
    if (!(await hasPsk(tunnel))) continue;
    const name = (await urnOf(tunnel)).split("::").at(-1) ?? "";
    await pulumi.log.warn(
      `The tunnel resource ${quote(name)} sets its own psk, and every update of it would restore that psk instead of the ` +
        `generated key. What to do: remove psk from ${quote(name)}; or, if that is the key you want, remove this resource.`,
      resource,
    );
  }
}

// What Pulumi's types leave out.
interface Inner<T> {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(withUnknowns: true): Promise<T>;
  allResources?(): Promise<ReadonlySet<pulumi.Resource>>;
}

interface TunnelResource extends pulumi.Resource {
  readonly psk: pulumi.Output<string | undefined>;
}

function inner<T>(output: pulumi.Output<T>): Inner<T> {
  return output as unknown as Inner<T>;
}

async function tunnelsBehind(ipsecTunnelId: pulumi.Input<string>): Promise<TunnelResource[]> {
  if (!pulumi.Output.isInstance(ipsecTunnelId)) return [];
  const resources = await inner(pulumi.output(ipsecTunnelId)).allResources?.();
  return [...(resources ?? [])].filter(isTunnel);
}

// MagicWanIpsecTunnel, and its names in earlier and later releases.
function isTunnel(resource: pulumi.Resource): resource is TunnelResource {
  const { __pulumiType: type, psk } = resource as { readonly __pulumiType?: string; readonly psk?: unknown };
  return /^cloudflare:.*IpsecTunnel$/i.test(type ?? "") && pulumi.Output.isInstance(psk);
}

// In a preview, a `psk` that is left out is unknown, and so is one that is known only after `up`; but the latter is a secret.
async function hasPsk({ psk }: TunnelResource): Promise<boolean> {
  if (!(await inner(psk).isKnown)) return inner(psk).isSecret;
  return Boolean(await inner(psk).promise(true));
}

function urnOf({ urn }: pulumi.Resource): Promise<string> {
  return inner(urn).promise(true);
}
