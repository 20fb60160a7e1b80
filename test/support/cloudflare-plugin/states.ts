import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime";
import type { Stack } from "@pulumi/pulumi/automation";

/** What a state has of a tunnel, in each version. */
export interface StoredTunnel {
  readonly accountId: string;
  readonly tunnelId: string;
  /** As Cloudflare shows it. */
  readonly createdOn: string;
  readonly psk: string;
  /** What the program gives, beside the account and a `psk`. */
  readonly given: Readonly<Record<string, string>>;
}

/**
 * Returns a state of @pulumi/cloudflare 5, built from version 4 of the Terraform provider, which has generated the key. It has the
 * properties of the SDK 5.49.1.
 */
export function stateOfV4({ accountId, tunnelId, psk, given }: StoredTunnel): StoredResource {
  const inputs = { accountId, ...given };
  const outputs = {
    ...inputs,
    id: tunnelId,
    allowNullCipher: false,
    healthCheckDirection: "unidirectional",
    healthCheckEnabled: true,
    healthCheckRate: "mid",
    healthCheckTarget: given.customerEndpoint,
    healthCheckType: "reply",
    fqdnId: `${tunnelId}.33145236.ipsec.cloudflare.com`,
    hexId: "",
    userId: `ipsec@${tunnelId}.33145236.ipsec.cloudflare.com`,
    remoteId: `${accountId}_${tunnelId}`,
    psk: secret(psk),
    replayProtection: false,
  };
  return { version: "5.49.1", id: tunnelId, inputs, outputs };
}

/** Returns a state of @pulumi/cloudflare 6, whose program sets the key. */
export function stateOfV5({ accountId, tunnelId, createdOn, psk, given }: StoredTunnel): StoredResource {
  const inputs = { accountId, ...given, psk: secret(psk) };
  const outputs = {
    ...inputs,
    id: tunnelId,
    allowNullCipher: false,
    automaticReturnRouting: false,
    createdOn: createdOn.replace(/\.\d+/, ""),
    modifiedOn: createdOn.replace(/\.\d+/, ""),
    healthCheck: { direction: "unidirectional", enabled: true, rate: "mid", type: "reply", target: {} },
    pskMetadata: { lastGeneratedOn: createdOn.replace(/\.\d+/, "") },
    replayProtection: false,
  };
  return { version: "6.22.1", id: accountId, inputs, outputs };
}

interface StoredResource {
  readonly version: string;
  readonly id: string;
  readonly inputs: object;
  readonly outputs: object;
}

/** Makes a tunnel the only resource of a stack of the project `demo`. The stack must have a secret in its configuration. */
export async function importState(stack: Stack, { version, ...tunnel }: StoredResource): Promise<void> {
  const { encryptionSalt } = await stack.workspace.stackSettings(stack.name);
  const urn = (type: string, name: string) => `urn:pulumi:${stack.name}::demo::${type}::${name}`;
  const parent = { type: STACK, urn: urn(STACK, `demo-${stack.name}`), custom: false };
  const provider = {
    ...{ type: PROVIDER, urn: urn(PROVIDER, `default_${version.replaceAll(".", "_")}`), custom: true },
    ...{ id: "01234567-89ab-4cde-8f01-23456789abcd", inputs: { version }, outputs: { version } },
  };
  const resource = {
    ...{ type: TUNNEL, urn: urn(TUNNEL, "branch-1"), custom: true, parent: parent.urn },
    ...{ provider: `${provider.urn}::${provider.id}`, additionalSecretOutputs: ["psk"], ...tunnel },
  };
  const deployment = {
    manifest: { time: "2026-09-01T08:15:00Z", magic: "", version: "" },
    secrets_providers: { type: "passphrase", state: { salt: encryptionSalt } },
    resources: [parent, provider, resource],
  };
  await stack.importStack({ version: 3, deployment });
}

const STACK = "pulumi:pulumi:Stack";
const PROVIDER = "pulumi:providers:cloudflare";
const TUNNEL = "cloudflare:index/magicWanIpsecTunnel:MagicWanIpsecTunnel";

/** As `pulumi stack export --show-secrets` writes it. */
const secret = (value: string) => ({ [specialSigKey]: specialSecretSig, plaintext: JSON.stringify(value) });
