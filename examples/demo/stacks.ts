import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { gatewayConfig, IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";
import type { Simulator } from "pulumi-cloudflare-ipsec-psk/simulator";
import { ensureYamlLanguageHost } from "../../tools/pulumi-cli";
import { createTemporaryBackend } from "../../tools/temporary-stack";

/** A stack whose program can be changed as its author would change it. Its outputs are `psk` and `swanctl`. */
export interface DemoStack {
  readonly stack: Stack;
  /** A folder for what the demo writes. */
  readonly folder: string;
  readonly setQuarter: (quarter: string) => Promise<void>;
  readonly setTunnel: (ipsecTunnelId: string) => Promise<void>;
  remove(): Promise<void>;
}

export interface DemoOptions {
  readonly simulator: Simulator;
  readonly ipsecTunnelId: string;
  readonly quarter: string;
  readonly onProgress: (line: string) => void;
}

export type Language = "typescript" | "yaml";

/** Creates the stack of a language, with a state and a login of its own. */
export const STACKS: Readonly<Record<Language, (options: DemoOptions) => Promise<DemoStack>>> = {
  typescript: createTypeScriptStack,
  yaml: createYamlStack,
};

async function createTypeScriptStack({ simulator, onProgress, ...first }: DemoOptions): Promise<DemoStack> {
  let { ipsecTunnelId, quarter } = first;
  const backend = await createTemporaryBackend({ onProgress });
  const stack = await backend.createStack({
    project: "demo",
    stack: "dev",
    program: () => {
      const key = new IpsecTunnelPsk("branch-1", {
        accountId: simulator.accountId,
        ipsecTunnelId,
        rotationTriggers: { quarter },
      });
      const swanctl = gatewayConfig("strongswan", {
        name: "branch-1",
        psk: key.psk,
        fqdnId: key.fqdnId,
        cloudflareEndpoint: "203.0.113.10",
      });
      return Promise.resolve({ psk: key.psk, swanctl });
    },
  });
  await configureAccess(stack, "cloudflare", simulator);
  return {
    stack,
    folder: backend.folder,
    setQuarter: (next) => {
      quarter = next;
      return Promise.resolve();
    },
    setTunnel: (next) => {
      ipsecTunnelId = next;
      return Promise.resolve();
    },
    remove: () => backend.remove(),
  };
}

const ROOT = join(__dirname, "../..");

/** Creates a stack of examples/yaml/Pulumi.yaml. The engine runs it with the plugin that this repository has built. */
async function createYamlStack({ simulator, ipsecTunnelId, quarter, onProgress }: DemoOptions): Promise<DemoStack> {
  await ensureYamlLanguageHost({ onProgress });
  const backend = await createTemporaryBackend({ onProgress });
  const folder = join(backend.folder, "project");
  const program = join(folder, "Pulumi.yaml");
  await mkdir(folder);
  await cp(join(ROOT, "examples/yaml/Pulumi.yaml"), program);
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const setQuarter = async (next: string) => {
    await writeFile(program, (await readFile(program, "utf8")).replace(/quarter: \S+/, `quarter: ${next}`));
  };
  await setQuarter(quarter);

  const stack = await backend.createStack({ stack: "dev", program: { folder } });
  const setTunnel = (value: string) => stack.setConfig("ipsecTunnelId", { value });
  await stack.setConfig("accountId", { value: simulator.accountId });
  await stack.setConfig("cloudflareEndpoint", { value: "203.0.113.10" });
  await setTunnel(ipsecTunnelId);
  await configureAccess(stack, "cloudflare-ipsec-psk", simulator);
  return { stack, folder: backend.folder, setQuarter, setTunnel, remove: () => backend.remove() };
}

/** Sets the credential and the base URL in the namespace from which the kind of provider reads them. */
async function configureAccess(stack: Stack, namespace: string, { apiToken, url }: Simulator): Promise<void> {
  await stack.setAllConfig({
    [`${namespace}:apiToken`]: { value: apiToken, secret: true },
    [`${namespace}:baseUrl`]: { value: url },
  });
}
