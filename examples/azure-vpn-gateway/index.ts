import * as azure from "@pulumi/azure";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

// A connection of an Azure VPN gateway with one public address. Not for active/active: both of its tunnels require the same
// key, and Cloudflare generates one for each. Cloudflare advises ipSecReplayProtectionEnabled: false on the gateway.
// https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/azure/azure-vpn-gateway/
const config = new pulumi.Config();
const accountId = config.require("accountId");
const cloudflareEndpoint = config.require("cloudflareEndpoint"); // one of the account's anycast addresses
const customerEndpoint = config.require("gatewayAddress"); // the gateway's public address, its only IKE identity
const place = { resourceGroupName: config.require("resourceGroupName"), location: config.require("location") };

const tunnel = new cloudflare.MagicWanIpsecTunnel("azure-1", {
  accountId,
  name: "azure-1",
  cloudflareEndpoint,
  customerEndpoint,
  interfaceAddress: "10.252.3.55/31",
  replayProtection: true,
  healthCheck: { enabled: true, type: "reply", direction: "bidirectional", target: { saved: customerEndpoint } },
});

const key = new IpsecTunnelPsk("azure-1", {
  tunnel,
  compatibleWith: ["azure"], // Azure refuses about half of the keys: those with a hyphen
  rotationTriggers: { quarter: config.require("quarter") }, // such as 2026-Q4
});

const cloudflareGateway = new azure.network.LocalNetworkGateway("cloudflare", {
  ...place,
  gatewayAddress: cloudflareEndpoint,
  // Networks behind Cloudflare, and the source address of Cloudflare's health checks.
  addressSpaces: [...config.requireObject<string[]>("remoteNetworks"), "10.252.3.55/32"],
});

// From @pulumi/azure, because it sets a new key with Azure's own call and marks it secret. azure-native does neither, and
// Azure ignores a new key in an update of the connection: https://github.com/hashicorp/terraform-provider-azurerm/pull/11742
new azure.network.VirtualNetworkGatewayConnection("cloudflare", {
  ...place,
  type: "IPsec",
  virtualNetworkGatewayId: config.require("virtualNetworkGatewayId"),
  localNetworkGatewayId: cloudflareGateway.id,
  sharedKey: key.psk,
  connectionMode: "InitiatorOnly", // Cloudflare never initiates
  dpdTimeoutSeconds: 45,
  ipsecPolicy: {
    ikeEncryption: "GCMAES256",
    ikeIntegrity: "SHA384",
    dhGroup: "ECP384",
    ipsecEncryption: "GCMAES256",
    ipsecIntegrity: "GCMAES256",
    pfsGroup: "ECP384",
    saLifetime: 28_800, // seconds: 8 hours
  },
});
