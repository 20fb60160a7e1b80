import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { CONNECTION_SETTINGS, keyIn, NAMESPACES, SETTING_NAMES, settingKey } from "../connection/settings";
import type { Configuration } from "./hook-context";

// One hook serves every resource of a run and provider. The run is identified by its engine, where the hook is registered.
const hooksOf = new WeakMap<object, Map<pulumi.ProviderResource | undefined, pulumi.ResourceHook>>();

/**
 * Returns the hooks that a resource needs in a preview: dynamic providers are not called there, but the engine runs hooks for
 * exactly those resources that it plans to create, update or replace.
 *
 * @param provider - The resource's explicit provider, if it has one.
 * @returns `undefined` outside of previews, so that nothing of them reaches the state; and under mocks, which have none.
 */
export function previewHooks(provider: pulumi.ProviderResource | undefined): pulumi.ResourceHookBinding | undefined {
  // Read here and not in the callback, where it is wrong under the Automation API.
  const engine = pulumi.runtime.isDryRun() ? engineWithHooks() : undefined;
  if (engine === undefined) return undefined;

  const hooks = hooksOf.get(engine) ?? new Map<pulumi.ProviderResource | undefined, pulumi.ResourceHook>();
  hooksOf.set(engine, hooks);
  const hook = hooks.get(provider) ?? createHook(provider);
  hooks.set(provider, hook);
  return { beforeCreate: [hook], beforeUpdate: [hook] };
}

function engineWithHooks(): object | undefined {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  return typeof monitor?.registerResourceHook === "function" ? monitor : undefined;
}

function createHook(provider: pulumi.ProviderResource | undefined): pulumi.ResourceHook {
  const configuration = provider ?? stackConfiguration();
  // The engine calls back outside the program's async context, which logging needs.
  const inProgram = AsyncLocalStorage.snapshot();
  // Loaded when a preview plans something: HTTP and schemas take longer to load than all the rest.
  let check: Promise<pulumi.ResourceHookFunction> | undefined;
  const load = async () => (await import("./hook-context.js")).createHookFunction(configuration);
  // Other copies of this package, and component providers, register theirs with the same engine, where names must differ.
  const name = `Cloudflare's validation ${randomUUID().slice(0, 8)}`;
  return new pulumi.ResourceHook(name, (args) => inProgram(async () => (await (check ??= load()))(args)), {
    onDryRun: true,
  });
}

// Read here, in the program's context, and kept for the hook.
function stackConfiguration(): Configuration {
  const valueOf = (key: string) => {
    const [namespace, name] = key.split(":") as [string, string];
    return [key, new pulumi.Config(namespace).get(name)] as const;
  };
  const keys = [
    ...NAMESPACES.flatMap((namespace) => CONNECTION_SETTINGS.map((name) => keyIn(namespace, name))),
    ...SETTING_NAMES.map(settingKey),
  ];
  return Object.fromEntries(keys.map(valueOf));
}
