import * as pulumi from "@pulumi/pulumi";
import { Dialect, GatewayConfig, IpsecTunnelPsk } from "cloudflare-ipsec-psk";

// Set with: pulumi config set accountId …
const config = new pulumi.Config();

const key = new IpsecTunnelPsk("branch-1", {
  accountId: config.require("accountId"),
  ipsecTunnelId: config.require("ipsecTunnelId"),
  // Any change here generates a new key at the next `pulumi up`.
  rotationTriggers: { quarter: "2026-Q4" },
});

const router = new GatewayConfig("branch-1-router", {
  dialect: Dialect.Strongswan,
  name: "branch-1",
  psk: key.psk,
  fqdnId: key.fqdnId,
  cloudflareEndpoint: config.require("cloudflareEndpoint"),
});

export const psk = key.psk; // [secret]
export const lastGeneratedOn = key.lastGeneratedOn;
export const swanctl = router.text; // [secret]
