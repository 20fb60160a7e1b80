import type { Stack } from "@pulumi/pulumi/automation";

/** What the state contains of an `IpsecTunnelPsk`. */
export interface StoredKey {
  readonly psk: string | undefined;
  readonly status: string | undefined;
}

/** A stack's state, secrets in plain text. Each `IpsecTunnelPsk` goes by its name in the program. */
export interface State {
  /** Fails if there is no such resource. */
  urn(name: string): string;
  /** `undefined` if there is no such resource. */
  outputs(name: string): Readonly<Record<string, unknown>> | undefined;
  key(name: string): StoredKey | undefined;
  /** Operations that an interrupted command left behind: `["creating key-1"]`. */
  readonly pending: readonly string[];
}

interface Deployment {
  readonly resources?: readonly { readonly urn: string; readonly outputs?: Readonly<Record<string, unknown>> }[];
  readonly pending_operations?: readonly { readonly resource: { readonly urn: string }; readonly type: string }[];
}

export async function readState(stack: Stack): Promise<State> {
  const { resources = [], pending_operations = [] } = (await stack.exportStack()).deployment as Deployment;
  const named = (name: string) => resources.find(({ urn }) => urn.endsWith(`IpsecTunnelPsk::${name}`));
  return {
    urn(name) {
      const { urn } = named(name) ?? {};
      if (urn === undefined) throw new Error(`The state has no IpsecTunnelPsk "${name}"`);
      return urn;
    },
    outputs: (name) => named(name)?.outputs,
    key(name) {
      const resource = named(name);
      return resource && keyIn(resource.outputs ?? {});
    },
    pending: pending_operations.map(({ resource, type }) => `${type} ${nameIn(resource.urn)}`).sort(),
  };
}

function nameIn(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

/** A secret is stored as JSON under `plaintext`. */
function keyIn({ psk, status }: Readonly<Record<string, unknown>>): StoredKey {
  const plaintext = (psk as { readonly plaintext?: string } | undefined)?.plaintext;
  return {
    psk: plaintext === undefined ? undefined : (JSON.parse(plaintext) as string),
    status: status as string | undefined,
  };
}
