import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime";
import type { OutputMap, Stack } from "@pulumi/pulumi/automation";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

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

/** An exported state. Each secret is an object of its own, with the value in plain text. */
export interface Deployment {
  readonly resources?: readonly Resource[];
  readonly pending_operations?: readonly { readonly resource: { readonly urn: string }; readonly type: string }[];
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Reads the state of a stack. Each export is a command of the CLI, so it exports once for each state that the backend stores. */
export interface StateReader {
  exported(): Promise<Deployment>;
  /** Reads the outputs of the stack itself, as `Stack.outputs()` returns them. */
  outputs(): Promise<OutputMap>;
}

export function createStateReader(stack: Stack): StateReader {
  let last: { readonly stored: string; readonly deployment: Deployment } | undefined;
  async function exported(): Promise<Deployment> {
    const stored = await storedText(stack);
    if (last?.stored !== stored) {
      last = { stored, deployment: (await stack.exportStack()).deployment as Deployment };
    }
    return last.deployment;
  }
  return {
    exported,
    async outputs() {
      const { checkpoint } = JSON.parse(await storedText(stack)) as { checkpoint: { latest: Deployment | null } };
      return outputsIn(checkpoint.latest).length === 0
        ? {}
        : Object.fromEntries(outputsIn(await exported()).map(decoded));
    },
  };
}

/** Returns the state as the backend of the tests stores it, secrets encrypted. */
async function storedText({ name, workspace }: Stack): Promise<string> {
  const { name: project } = await workspace.projectSettings();
  const { PULUMI_BACKEND_URL: backend = "" } = workspace.envVars;
  return readFile(`${fileURLToPath(backend)}/.pulumi/stacks/${project}/${name}.json`, "utf8");
}

function outputsIn(deployment: Deployment | null): [name: string, value: unknown][] {
  return Object.entries(deployment?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {});
}

function decoded([name, value]: [name: string, value: unknown]) {
  return [name, { value: plain(value), secret: isSecret(value) }] as const;
}

export function stateIn({ resources = [], pending_operations = [] }: Deployment): State {
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

function keyIn(outputs: Readonly<Record<string, unknown>>): StoredKey {
  return { psk: plain(outputs.psk) as string | undefined, status: outputs.status as string | undefined };
}

interface Secret {
  /** JSON. */
  readonly plaintext: string;
}

function isSecret(value: unknown): value is Secret {
  return (value as Readonly<Record<string, unknown>> | null | undefined)?.[specialSigKey] === specialSecretSig;
}

/** Returns a value without the marks of what is secret in it. */
function plain(value: unknown): unknown {
  if (isSecret(value)) return plain(JSON.parse(value.plaintext));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
