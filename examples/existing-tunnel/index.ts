import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { gatewayConfig, IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

// A tunnel that the dashboard or another stack created. Its addresses come from Cloudflare, so you type none of them.
// Set with: pulumi config set accountId …; ipsecTunnelId is `id` in GET /accounts/<account ID>/magic/ipsec_tunnels.
const config = new pulumi.Config();
const accountId = config.require("accountId");
const ipsecTunnelId = config.require("ipsecTunnelId");

const tunnel = cloudflare.getMagicWanIpsecTunnelOutput({ accountId, ipsecTunnelId }).ipsecTunnel;

const key = new IpsecTunnelPsk("branch-1", {
  accountId,
  ipsecTunnelId,
  rotationTriggers: { quarter: config.require("quarter") }, // such as 2026-Q4
});

// What is given here has precedence over what Cloudflare has. The preview reports mistakes in either, before there is a key.
//   (umask 077 && pulumi stack output --show-secrets vyos > branch-1.vyos)
export const vyos = gatewayConfig("vyos", {
  name: "branch-1",
  psk: key.psk,
  fqdnId: key.fqdnId,
  tunnel,
  routedPrefixes: ["10.0.0.0/8"], // Cloudflare has the routes of its own end only
});
