import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

// A VPN connection of a transit gateway whose key AWS generates. One run creates everything: AWS's address and key are there
// before the tunnel, which takes both. To rotate, let AWS generate a new key (tunnel options of the connection), then run
// `pulumi up --refresh`: it sets that key on the tunnel.
// https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/aws/
const config = new pulumi.Config();
const accountId = config.require("accountId");
const cloudflareEndpoint = config.require("cloudflareEndpoint"); // one of the account's anycast addresses

const cloudflareGateway = new aws.ec2.CustomerGateway("cloudflare", {
  type: "ipsec.1",
  ipAddress: cloudflareEndpoint,
  bgpAsn: "65000", // required by AWS, but not used: routes are static
});

// Without tunnel1PresharedKey, AWS generates one. The second tunnel stays down: it requires a MagicWanIpsecTunnel and an
// IpsecTunnelPsk of its own, in the same way.
const connection = new aws.ec2.VpnConnection("cloudflare", {
  type: "ipsec.1",
  customerGatewayId: cloudflareGateway.id,
  transitGatewayId: config.require("transitGatewayId"),
  staticRoutesOnly: true,
  tunnel1InsideCidr: "169.254.244.0/30",
  tunnel1IkeVersions: ["ikev2"],
  tunnel1StartupAction: "start", // Cloudflare never initiates
  tunnel1DpdTimeoutAction: "restart",
  tunnel1Phase1EncryptionAlgorithms: ["AES256-GCM-16"],
  tunnel1Phase1IntegrityAlgorithms: ["SHA2-256"],
  tunnel1Phase1DhGroupNumbers: [20],
  tunnel1Phase2EncryptionAlgorithms: ["AES256-GCM-16"],
  tunnel1Phase2IntegrityAlgorithms: ["SHA2-256"],
  tunnel1Phase2DhGroupNumbers: [20],
});

const tunnel = new cloudflare.MagicWanIpsecTunnel("aws-1", {
  accountId,
  name: "aws-1",
  cloudflareEndpoint,
  customerEndpoint: connection.tunnel1Address, // AWS's only IKE identity
  interfaceAddress: "169.254.244.2/30", // the second address of tunnel1InsideCidr, of 169.254.240.0/20
  replayProtection: true, // AWS requires it
  healthCheck: { enabled: true, type: "request", direction: "bidirectional" },
});

// Set and verified, and set again if someone else rotates it. Do not set psk on the tunnel: each of its updates would send it.
const key = new IpsecTunnelPsk("aws-1", { tunnel, psk: connection.tunnel1PresharedKey });

export const keyStatus = key.status;
