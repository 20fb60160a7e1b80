import * as azure from "@pulumi/azure";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

// An active/active Azure VPN gateway: two tunnels, to one address of Cloudflare, that must share one key.
// https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/azure/azure-vpn-gateway/
const config = new pulumi.Config();
const accountId = config.require("accountId");
const cloudflareEndpoint = config.require("cloudflareEndpoint"); // one of the account's anycast addresses
const place = { resourceGroupName: config.require("resourceGroupName"), location: config.require("location") };

// It stays the same until a keeper changes. Without special characters, because Azure refuses the hyphen and the tilde.
const password = new random.RandomPassword("azure", {
  length: 48,
  special: false,
  keepers: { quarter: config.require("quarter") }, // such as 2026-Q4
});

const tunnels = config.requireObject<string[]>("gatewayAddresses").map((customerEndpoint, index) => {
  const name = `azure-${index + 1}`;
  const tunnel = new cloudflare.MagicWanIpsecTunnel(name, {
    accountId,
    name,
    cloudflareEndpoint,
    customerEndpoint, // the gateway's only IKE identity
    interfaceAddress: `10.252.3.${55 + 2 * index}/31`,
    replayProtection: true,
    healthCheck: { enabled: true, type: "reply", direction: "bidirectional", target: { saved: customerEndpoint } },
  });
  const key = { tunnel, psk: password.result, compatibleWith: ["azure" as const] };
  return new IpsecTunnelPsk(name, key);
});

const cloudflareGateway = new azure.network.LocalNetworkGateway("cloudflare", {
  ...place,
  gatewayAddress: cloudflareEndpoint,
  // Networks behind Cloudflare, and the source addresses of Cloudflare's health checks.
  addressSpaces: [...config.requireObject<string[]>("remoteNetworks"), "10.252.3.55/32", "10.252.3.57/32"],
});

// One connection for both tunnels. It takes the key after both of them have it.
new azure.network.VirtualNetworkGatewayConnection("cloudflare", {
  ...place,
  type: "IPsec",
  virtualNetworkGatewayId: config.require("virtualNetworkGatewayId"),
  localNetworkGatewayId: cloudflareGateway.id,
  sharedKey: pulumi.all(tunnels.map(({ psk }) => psk)).apply(([psk = ""]) => psk),
  connectionMode: "InitiatorOnly", // Cloudflare never initiates
  dpdTimeoutSeconds: 45,
  ipsecPolicy: {
    ...{ ikeEncryption: "GCMAES256", ikeIntegrity: "SHA384", dhGroup: "ECP384", pfsGroup: "ECP384" },
    ...{ ipsecEncryption: "GCMAES256", ipsecIntegrity: "GCMAES256", saLifetime: 28_800 }, // seconds: 8 hours
  },
});
