import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

// The key for a team that configures the router and has no access to this stack: it reads the secret, and needs IAM rights
// to that only. The AWS provider keeps what it wrote in the state, encrypted, as the key resource does.
//   aws secretsmanager get-secret-value --secret-id ipsec/branch-1 --query SecretString --output text
// Set with: pulumi config set accountId …
const config = new pulumi.Config();

const key = new IpsecTunnelPsk("branch-1", {
  accountId: config.require("accountId"),
  ipsecTunnelId: config.require("ipsecTunnelId"),
  rotationTriggers: { quarter: config.require("quarter") }, // such as 2026-Q4
});

const secret = new aws.secretsmanager.Secret("branch-1", {
  name: "ipsec/branch-1",
  description: "Pre-shared key of the IPsec tunnel branch-1 to Cloudflare, and the router's IKE identity",
});

// A new key becomes the current version immediately. Its timestamp tells the team whether the router has it yet.
new aws.secretsmanager.SecretVersion("branch-1", {
  secretId: secret.id,
  secretString: pulumi.jsonStringify({
    psk: key.psk,
    fqdnId: key.fqdnId,
    lastGeneratedOn: key.lastGeneratedOn,
  }),
});

export const secretArn = secret.arn;
