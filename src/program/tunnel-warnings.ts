import * as pulumi from "@pulumi/pulumi";
import { quote } from "../psk/quote";
import type { TunnelNaming } from "./tunnel-argument";

/**
 * Warns of what the program does with a tunnel resource of its own: it sets a `psk` there, or takes its `id` for that of the tunnel.
 * The tunnel is found through the output that its ID or its name came from.
 *
 * @param resource - Where the warnings are shown.
 */
export async function warnOfTunnel(
  { ipsecTunnelId, ipsecTunnelName }: TunnelNaming,
  resource: pulumi.Resource,
): Promise<void> {
  const naming = ipsecTunnelId ?? ipsecTunnelName;
  for (const tunnel of await tunnelsBehind(naming)) {
    const name = quote((await urnOf(tunnel)).split("::").at(-1) ?? "");
    const warn = (text: string) => pulumi.log.warn(text, resource);
    // Once it is known, the check of the arguments refuses it.
    if (tunnel.id === naming && !(await inner(tunnel.id).isKnown)) await warn(accountIdText(name));
    if (await hasPsk(tunnel)) await warn(pskText(name));
  }
}

// pulumi-cloudflare computes the `id` from the inputs; by Pulumi's dynamic bridge of the same provider it is the tunnel's.
function accountIdText(name: string): string {
  return (
    `ipsecTunnelId is the id of the tunnel resource ${name}, which with @pulumi/cloudflare is the ID of the account. ` +
    "What to do: give tunnel instead of accountId and ipsecTunnelId."
  );
}

// If Cloudflare ignores that a psk was removed, the edge keeps it, and only a new key replaces it.
function pskText(name: string): string {
  return (
    `The tunnel resource ${name} sets its own psk, and every update of it would restore that psk. ` +
    `What to do: remove psk (and ignoreChanges for it) from ${name}, and change a rotation trigger in the same up. To keep that psk instead, remove this IpsecTunnelPsk.`
  );
}

// What Pulumi's types leave out.
interface Inner<T> {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(withUnknowns: true): Promise<T>;
  allResources?(): Promise<ReadonlySet<pulumi.Resource>>;
}

interface TunnelResource extends pulumi.Resource {
  readonly id: pulumi.Output<string>;
  readonly psk: pulumi.Output<string | undefined>;
}

function inner<T>(output: pulumi.Output<T>): Inner<T> {
  return output as unknown as Inner<T>;
}

async function tunnelsBehind(naming: pulumi.Input<string | undefined>): Promise<TunnelResource[]> {
  if (!pulumi.Output.isInstance(naming)) return [];
  const resources = await inner(pulumi.output(naming)).allResources?.();
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
