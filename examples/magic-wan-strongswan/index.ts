import * as cloudflare from "@pulumi/cloudflare";
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { gatewayConfig, IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

// One tunnel, from its creation at Cloudflare to strongSwan on a Linux host. For two tunnels, see ../two-tunnels.
// Set with: pulumi config set accountId …; and root's sshKey with --secret.
const config = new pulumi.Config();
const accountId = config.require("accountId");
const name = "branch-1";

// Do not set `psk`: every update of the tunnel would restore that key.
const tunnel = new cloudflare.MagicWanIpsecTunnel(name, {
  accountId,
  name,
  cloudflareEndpoint: config.require("cloudflareEndpoint"), // one of the account's anycast addresses
  interfaceAddress: "10.252.2.90/31", // Cloudflare's address; the host gets the other one, 10.252.2.91
});

const key = new IpsecTunnelPsk(name, {
  tunnel,
  rotationTriggers: { quarter: config.require("quarter") }, // such as 2026-Q4
});

const connection = {
  host: config.require("host"),
  hostKey: config.require("hostKey"),
  privateKey: config.requireSecret("sshKey"),
};
const source = new pulumi.asset.FileAsset("../two-tunnels/load-tunnel.sh");
const script = new remote.CopyToRemote(`script-${name}`, { connection, source, remotePath: `load-${name}.sh` });

// Loads the key, and fails unless the host authenticates with it; then the next `pulumi up` loads it again.
// The first lines of the configuration say how to create the XFRM interface, which the host must have.
new remote.Command(
  `load-${name}`,
  {
    connection,
    create: `sh load-${name}.sh ${name}`,
    // The key is in here. Unlike arguments, standard input is in no list of processes and in no log.
    stdin: gatewayConfig("strongswan", {
      name,
      psk: key.psk,
      fqdnId: key.fqdnId,
      cloudflareEndpoint: tunnel.cloudflareEndpoint,
      interfaceAddress: tunnel.interfaceAddress,
    }),
    logging: remote.Logging.None,
    triggers: [key.lastGeneratedOn],
  },
  { dependsOn: [script] },
);

export const generatedOn = key.lastGeneratedOn;
