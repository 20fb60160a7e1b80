import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { gatewayConfig, IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

// One of a site's two tunnels: its ID, Cloudflare's anycast address, and its router, which runs strongSwan.
// Set with: pulumi config set --path first.id …, and sshKey with --secret.
interface Tunnel {
  readonly id: string;
  readonly cloudflareEndpoint: string;
  readonly router: { readonly host: string; readonly hostKey: string };
}

const config = new pulumi.Config();
const accountId = config.require("accountId");
const first = config.requireObject<Tunnel>("first");
const second = config.requireObject<Tunnel>("second");
// The same for both: one change rotates both keys, in the order below.
const rotationTriggers = { quarter: config.require("quarter") };

const firstKey = new IpsecTunnelPsk("site-1", { accountId, ipsecTunnelId: first.id, rotationTriggers });
const loadFirst = load("site-1", first, firstKey);

// Only after the first tunnel is up with its new key: until then the second keeps the old one, and carries the traffic.
const secondKey = new IpsecTunnelPsk(
  "site-2",
  { accountId, ipsecTunnelId: second.id, rotationTriggers },
  { dependsOn: [loadFirst] },
);
load("site-2", second, secondKey);

/** Deploys the key to the router, and fails unless the router authenticates with it. */
function load(name: string, { cloudflareEndpoint, router }: Tunnel, { psk, fqdnId, lastGeneratedOn }: IpsecTunnelPsk) {
  const connection = { ...router, privateKey: config.requireSecret("sshKey") };
  const source = new pulumi.asset.FileAsset("load-tunnel.sh");
  const script = new remote.CopyToRemote(`script-${name}`, { connection, source, remotePath: `load-${name}.sh` });
  return new remote.Command(
    `load-${name}`,
    {
      connection,
      create: `sh load-${name}.sh ${name}`,
      // The key is in here. Unlike arguments, standard input is in no list of processes and in no log.
      stdin: gatewayConfig("strongswan", { name, psk, fqdnId, cloudflareEndpoint }),
      logging: remote.Logging.None,
      triggers: [lastGeneratedOn],
    },
    { dependsOn: [script] },
  );
}
