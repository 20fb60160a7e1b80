import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

// A VPN connection of a transit gateway. It takes two runs, because each side waits for the other: AWS assigns its address
// when it creates the connection, the connection requires the key, and the key requires a tunnel. After the first `pulumi up`:
//   pulumi config set awsAddress "$(pulumi stack output awsTunnelAddress)" && pulumi up
// Until then AWS cannot connect. The second run updates the tunnel in place, and AWS keeps the same key.
// https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/aws/
const config = new pulumi.Config();
const accountId = config.require("accountId");
const cloudflareEndpoint = config.require("cloudflareEndpoint"); // one of the account's anycast addresses

const tunnel = new cloudflare.MagicWanIpsecTunnel("aws-1", {
  accountId,
  name: "aws-1",
  cloudflareEndpoint,
  customerEndpoint: config.get("awsAddress"), // AWS's only IKE identity
  interfaceAddress: "169.254.244.2/30", // the second address of tunnel1InsideCidr, of 169.254.240.0/20
  replayProtection: true, // AWS requires it
  healthCheck: { enabled: true, type: "request", direction: "bidirectional" },
});

const key = new IpsecTunnelPsk("aws-1", {
  tunnel,
  compatibleWith: ["aws"], // AWS refuses about half of the keys: those with a hyphen, or 0 in front
  rotationTriggers: { quarter: config.require("quarter") }, // such as 2026-Q4
});

const cloudflareGateway = new aws.ec2.CustomerGateway("cloudflare", {
  type: "ipsec.1",
  ipAddress: cloudflareEndpoint,
  bgpAsn: "65000", // required by AWS, but not used: routes are static
});

// A new key changes the connection in place; the tunnel is down until AWS has done that. The second tunnel stays down: it
// requires a MagicWanIpsecTunnel and a key of its own, in the same way.
const connection = new aws.ec2.VpnConnection("cloudflare", {
  type: "ipsec.1",
  customerGatewayId: cloudflareGateway.id,
  transitGatewayId: config.require("transitGatewayId"),
  staticRoutesOnly: true,
  tunnel1PresharedKey: key.psk,
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

export const awsTunnelAddress = connection.tunnel1Address;
