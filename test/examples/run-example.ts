import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { ROOT } from "../support/build";
import { settled } from "../support/output";
import { CONFIGURATION } from "./configuration";

/** One resource, as the program registered it. */
export interface Registration {
  /** The last part of Pulumi's type token, and the resource's name: `"VpnConnection aws-1"`. */
  readonly resource: string;
  readonly inputs: Inputs;
  /** The inputs as previews, states and logs show them: `"[secret]"` in place of a secret. */
  readonly shown: Inputs;
  /** The resources that come first, because of `dependsOn` or an input. */
  readonly dependsOn: readonly string[];
}

type Inputs = Readonly<Record<string, unknown>>;

export interface Run {
  readonly registrations: readonly Registration[];
  /** What the program exports, by name. */
  readonly outputs: Readonly<Record<string, Awaited<ReturnType<typeof settled>>>>;
}

export interface RunOptions {
  /** Added to the configuration of all examples, or in its place. */
  readonly config?: Readonly<Record<string, string>>;
  /** In a preview, the IDs and keys of new resources are unknown. */
  readonly preview?: boolean;
}

/** What the tests read of one of Pulumi's requests, which has no types. */
interface Request {
  getType(): string;
  getName(): string;
  getObject(): { toJavaScript(): Inputs };
  getDependenciesList(): string[];
}

/** What the mocked Cloudflare returns. A tunnel's resource shows the first second of its life, and no ID of its own. */
export const TUNNEL_ID = "e".repeat(32);
export const CREATED_ON = "2026-10-01T07:59:00Z";
export const GENERATED_ON = "2026-10-01T08:00:00.123456Z";
export const keyOf = (name: string): string => `fake-key-for-tests-only-${name}`;

/**
 * Runs an example under Pulumi's mocks, as users' own unit tests do. The real engine needs the plugin binaries of
 * @pulumi/cloudflare, @pulumi/command and the clouds, which package registries do not have.
 */
export async function runExample(example: string, { config, preview = false }: RunOptions = {}): Promise<Run> {
  const requests = jest.spyOn(MockMonitor.prototype, "registerResource");
  const folder = process.cwd();
  try {
    const newResource = preview ? planned : created;
    await pulumi.runtime.setMocks({ newResource, call: invoked }, "example", "stack", preview);
    configure({ ...CONFIGURATION, ...config });
    // As the CLI does, because programs may read files beside them.
    process.chdir(join(ROOT, "examples", example));
    const exported = evaluate(join(ROOT, "examples", example, "index.ts"));
    await pulumi.runtime.disconnect();

    const outputs = Object.entries(exported).map(
      async ([name, value]) => [name, await settled(pulumi.output(value))] as const,
    );
    return {
      registrations: requests.mock.calls.map(([request]) => registration(request as Request)),
      outputs: Object.fromEntries(await Promise.all(outputs)),
    };
  } finally {
    process.chdir(folder);
    requests.mockRestore();
  }
}

/** One of the resources of a run. */
export function find({ registrations }: Run, resource: string): Registration {
  const found = registrations.find((registered) => registered.resource === resource);
  if (found !== undefined) return found;
  throw new Error(`No ${resource} among ${registrations.map((registered) => registered.resource).join(", ")}`);
}

function configure(values: Readonly<Record<string, string>>): void {
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`example:${name}`, value])),
  );
}

/** Runs a program in a fresh module registry, with this process's Pulumi. */
export function evaluate(file: string): Readonly<Record<string, unknown>> {
  jest.doMock("@pulumi/pulumi", () => pulumi);
  jest.doMock("pulumi-cloudflare-ipsec-psk", () => jest.requireActual<object>("../../src"), { virtual: true });
  let exported: Readonly<Record<string, unknown>> = {};
  jest.isolateModules(() => {
    exported = jest.requireActual(file);
  });
  return exported;
}

function planned({ inputs }: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
  return { id: undefined, state: inputs as Inputs };
}

/** What a provider adds to the inputs. */
function created({ type, name, inputs }: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
  const given = inputs as Readonly<Record<string, string>>;
  switch (lastPart(type)) {
    case "IpsecTunnelPsk": {
      const { accountId = "", ipsecTunnelId = TUNNEL_ID } = given;
      const key = {
        psk: given.psk ?? keyOf(name),
        lastGeneratedOn: GENERATED_ON,
        ipsecId: `33145236_${ipsecTunnelId}`,
      };
      const state = { ...given, ipsecTunnelId, ...key, status: "active", stateVersion: 1 };
      return { id: `${accountId}/${ipsecTunnelId}`, state };
    }
    case "MagicWanIpsecTunnel":
      return { id: given.accountId, state: { ...given, createdOn: CREATED_ON, modifiedOn: CREATED_ON } };
    case "VpnConnection":
      return {
        id: "vpn-for-tests-only",
        state: { tunnel1PresharedKey: keyOf("aws-1"), ...given, tunnel1Address: "198.51.100.40" },
      };
    case "RandomPassword":
      return { id: "none", state: { ...given, result: keyOf(name) } };
    default:
      return { id: `id of ${name}`, state: given };
  }
}

/** What Cloudflare has of a tunnel that exists: what is not set is empty. */
function invoked({ token }: pulumi.runtime.MockCallArgs): pulumi.runtime.MockCallResult {
  if (lastPart(token) !== "getMagicWanIpsecTunnel") return {};
  const { cloudflareEndpoint } = CONFIGURATION;
  const addresses = { customerEndpoint: "", interfaceAddress: "10.252.2.90/31", interfaceAddress6: "" };
  return { ipsecTunnel: { cloudflareEndpoint, ...addresses, name: "CF tunnel", replayProtection: false } };
}

function registration(request: Request): Registration {
  const inputs = request.getObject().toJavaScript();
  return {
    resource: `${lastPart(request.getType())} ${request.getName()}`,
    inputs: withSecrets(inputs, (secret) => secret) as Inputs,
    shown: withSecrets(inputs, () => "[secret]") as Inputs,
    dependsOn: request.getDependenciesList().map((urn) => lastPart(urn.replace(/::([^:]*)$/, " $1"))),
  };
}

const lastPart = (type: string): string => type.slice(type.lastIndexOf(":") + 1);

function withSecrets(value: unknown, show: (secret: unknown) => unknown): unknown {
  const inner = (part: unknown) => withSecrets(part, show);
  if (pulumi.runtime.isRpcSecret(value)) return show(inner(pulumi.runtime.unwrapRpcSecret(value)));
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inner(part)]));
}
