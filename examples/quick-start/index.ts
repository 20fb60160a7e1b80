import * as pulumi from "@pulumi/pulumi";
import { gatewayConfig, IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

// Set with: pulumi config set accountId …
const config = new pulumi.Config();

const key = new IpsecTunnelPsk("branch-1", {
  accountId: config.require("accountId"),
  ipsecTunnelId: config.require("ipsecTunnelId"),
  // Any change here generates a new key at the next `pulumi up`.
  rotationTriggers: { quarter: "2026-Q4" },
});

export const psk = key.psk; // [secret]
export const lastGeneratedOn = key.lastGeneratedOn;
export const swanctl = gatewayConfig("strongswan", {
  name: "branch-1",
  psk: key.psk,
  fqdnId: key.fqdnId,
  cloudflareEndpoint: config.require("cloudflareEndpoint"),
});
