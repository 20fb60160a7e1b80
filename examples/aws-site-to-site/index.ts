import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

// A VPN connection of a transit gateway. It takes two runs, for each side waits for the other: AWS names its address when
// the connection exists, the connection wants the key, and the key a tunnel. After the first `pulumi up`:
//   pulumi config set awsAddress "$(pulumi stack output awsTunnelAddress)" && pulumi up
// Until then AWS initiates in vain. The second run updates the tunnel in place: its key stays the one that AWS has.
// https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/aws/
const config = new pulumi.Config();
const accountId = config.require("accountId");
const cloudflareEndpoint = config.require("cloudflareEndpoint"); // one of the account's anycast addresses

const tunnel = new cloudflare.MagicWanIpsecTunnel("aws-1", {
  accountId,
  name: "aws-1",
  cloudflareEndpoint,
  customerEndpoint: config.get("awsAddress"), // the only IKE identity that AWS has
  interfaceAddress: "169.254.244.2/30", // the second address of tunnel1InsideCidr, of 169.254.240.0/20
  replayProtection: true, // AWS cannot do without
  healthCheck: { enabled: true, type: "request", direction: "bidirectional" },
});

const key = new IpsecTunnelPsk("aws-1", {
  accountId,
  ipsecTunnelId: tunnel.id,
  compatibleWith: ["aws"], // AWS refuses about half of the keys: hyphens, and 0 in front
  rotationTriggers: { quarter: config.require("quarter") }, // such as 2026-Q4
});

const cloudflareGateway = new aws.ec2.CustomerGateway("cloudflare", {
  type: "ipsec.1",
  ipAddress: cloudflareEndpoint,
  bgpAsn: "65000", // wanted by AWS, and not used: routes are static
});

// A new key changes the connection in place; the tunnel is down until AWS has done that. Its second tunnel stays down: it
// wants a MagicWanIpsecTunnel and a key of its own, in the same way.
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
