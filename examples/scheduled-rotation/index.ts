import * as pulumi from "@pulumi/pulumi";
import { IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

// A key that is replaced when it is 90 days old. Nothing rotates between runs, so rotate.yml runs `pulumi up --refresh`
// each Monday. The key is 90 to 96 days old when it is replaced. A run with nothing due changes nothing.
// Set with: pulumi config set accountId …
const config = new pulumi.Config();

const key = new IpsecTunnelPsk("branch-1", {
  accountId: config.require("accountId"),
  ipsecTunnelId: config.require("ipsecTunnelId"),
  rotateAfterDays: 90,
});

// The UTC date from which a run replaces the key.
export const nextRotationOn = key.nextRotationOn;
// [secret] Active from that run on: deploy it to the router in the same run, as ../magic-wan-strongswan does.
export const psk = key.psk;
